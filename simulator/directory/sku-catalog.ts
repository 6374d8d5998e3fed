import { plans, type ServicePlan } from './service-plans.ts';
import type { UnitRule } from './units.ts';

export type Sku = {
  readonly skuId: string;
  readonly partNumber: string;
  readonly appliesTo: 'User' | 'Company';
  readonly units: UnitRule;
  /** `suite`: a member has at most one of them. `addon`: independent of each other. */
  readonly role: 'suite' | 'addon';
  /** Share of members holding it, 0…1. */
  readonly share: number;
  readonly plans: readonly ServicePlan[];
};

const OFFICE_E3 =
  'EXCHANGE_S_ENTERPRISE SHAREPOINTENTERPRISE SHAREPOINTWAC OFFICESUBSCRIPTION TEAMS1 MCOSTANDARD YAMMER_ENTERPRISE SWAY FORMS_PLAN_E3 FLOW_O365_P2 STREAM_O365_E3 PROJECTWORKMANAGEMENT RMS_S_ENTERPRISE';
const EMS_E3 = 'AAD_PREMIUM MFA_PREMIUM INTUNE_A RMS_S_PREMIUM';

type Row = readonly [
  skuId: string,
  partNumber: string,
  role: Sku['role'],
  share: number,
  units: UnitRule,
  plans: string,
];

const ROWS: readonly Row[] = [
  [
    '06ebc4ee-1bb5-47dd-8120-11324bc54e06',
    'SPE_E5',
    'suite',
    0.22,
    'ample',
    `${OFFICE_E3} ${EMS_E3} AAD_PREMIUM_P2 MCOEV MCOMEETADV BI_AZURE_P2 ATP_ENTERPRISE THREAT_INTELLIGENCE WINDEFATP ATA ADALLOM_S_O365 FORMS_PLAN_E5 FLOW_O365_P3 WIN10_PRO_ENT_SUB`,
  ],
  [
    '05e9a617-0261-4cee-bb44-138d3ef5d965',
    'SPE_E3',
    'suite',
    0.26,
    'ample',
    `${OFFICE_E3} ${EMS_E3} WIN10_PRO_ENT_SUB`,
  ],
  [
    '66b55226-6b4f-492c-910c-a3b7a3c9d993',
    'SPE_F1',
    'suite',
    0.16,
    'partly-warning',
    'EXCHANGE_S_DESKLESS SHAREPOINTDESKLESS TEAMS1 Deskless MCOIMP YAMMER_ENTERPRISE FORMS_PLAN_K INTUNE_A AAD_PREMIUM',
  ],
  ['6fd2c87f-b296-42f0-b197-1e91e994b900', 'ENTERPRISEPACK', 'suite', 0.12, 'over-assigned', OFFICE_E3],
  [
    'c7df2760-2c81-4ef7-b578-5b5392b571df',
    'ENTERPRISEPREMIUM',
    'suite',
    0.05,
    'exact',
    `${OFFICE_E3} MCOEV MCOMEETADV BI_AZURE_P2 ADALLOM_S_O365`,
  ],
  [
    'cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46',
    'SPB',
    'suite',
    0.04,
    'ample',
    'EXCHANGE_S_STANDARD SHAREPOINTSTANDARD OFFICESUBSCRIPTION TEAMS1 INTUNE_A AAD_PREMIUM',
  ],
  [
    '4b9405b0-7788-4568-add1-99614e613b69',
    'EXCHANGESTANDARD',
    'suite',
    0.05,
    'warning',
    'EXCHANGE_S_STANDARD',
  ],
  ['efccb6f7-5641-4e0e-bd10-b4976e1bf68e', 'EMS', 'addon', 0.09, 'ample', EMS_E3],
  [
    'f8a1db68-be16-40ed-86d5-cb42ce701560',
    'POWER_BI_PRO',
    'addon',
    0.12,
    'ample',
    'BI_AZURE_P2 EXCHANGE_S_FOUNDATION',
  ],
  [
    'c5928f49-12ba-48f7-ada3-0d743a3601d5',
    'VISIOCLIENT',
    'addon',
    0.06,
    'exact',
    'VISIO_CLIENT_SUBSCRIPTION VISIOONLINE EXCHANGE_S_FOUNDATION',
  ],
  [
    '53818b1b-4a27-454b-8896-0dba576410e6',
    'PROJECTPROFESSIONAL',
    'addon',
    0.04,
    'ample',
    'PROJECT_CLIENT_SUBSCRIPTION SHAREPOINT_PROJECT SHAREPOINTENTERPRISE EXCHANGE_S_FOUNDATION',
  ],
  [
    '639dec6b-bb19-468b-871c-c5c441c4b0cb',
    'Microsoft_365_Copilot',
    'addon',
    0.05,
    'ample',
    'M365_COPILOT_APPS M365_COPILOT_TEAMS M365_COPILOT_BUSINESS_CHAT',
  ],
  ['e43b5b99-8dfb-405f-9987-dc307f34bcbd', 'MCOEV', 'addon', 0.07, 'ample', 'MCOEV'],
  ['0c266dff-15dd-4b49-8397-2bb16070ed52', 'MCOMEETADV', 'addon', 0.05, 'suspended', 'MCOMEETADV'],
  ['0dab259f-bf13-4952-b7f8-7db8f131b28d', 'MCOPSTN1', 'addon', 0.02, 'locked-out', 'MCOPSTN1'],
  ['111046dd-295b-4d6d-9724-d52ac90bd1f2', 'WIN_DEF_ATP', 'addon', 0.03, 'ample', 'WINDEFATP'],
  [
    '84a661c4-e949-4bd2-a560-ed7766fcaf2b',
    'AAD_PREMIUM_P2',
    'addon',
    0.03,
    'over-assigned',
    'AAD_PREMIUM AAD_PREMIUM_P2 MFA_PREMIUM',
  ],
  ['d17b27af-3f49-4822-99f9-56a661538792', 'CRMSTANDARD', 'addon', 0.01, 'all-zero', 'CRMSTANDARD'],
  [
    'f30db892-07e9-47e9-837c-80727f46fd3d',
    'FLOW_FREE',
    'addon',
    0.35,
    'free-10000',
    'FLOW_P2_VIRAL DYN365_CDS_VIRAL EXCHANGE_S_FOUNDATION',
  ],
  [
    'a403ebcc-fae0-4ca2-8c8c-7a907fd6c235',
    'POWER_BI_STANDARD',
    'addon',
    0.3,
    'viral-1000000',
    'BI_AZURE_P0 EXCHANGE_S_FOUNDATION',
  ],
  [
    'dcb1a3ae-b33f-4487-846a-a640262fadf4',
    'POWERAPPS_VIRAL',
    'addon',
    0.08,
    'free-10000',
    'POWERAPPS_P2_VIRAL FLOW_P2_VIRAL DYN365_CDS_VIRAL',
  ],
  [
    '8c4ce438-32a7-4ac5-91a6-e22ae08d9c8b',
    'RIGHTSMANAGEMENT_ADHOC',
    'addon',
    0.02,
    'viral-1000000',
    'RMS_S_ADHOC',
  ],
  ['6470687e-a428-4b7a-bef2-8a291ad947c9', 'WINDOWS_STORE', 'addon', 0, 'viral-1000000', 'WINDOWS_STORE'],
  ['99049c9c-6011-4908-bf17-15f496e6519d', 'SHAREPOINTSTORAGE', 'addon', 0, 'unused', 'SHAREPOINTSTORAGE'],
  // Not in Microsoft's published list, as new, private and partner offers are not.
  [
    '5e1ec7ed-0000-4000-8000-00000000a101',
    'CONTOSO_PILOT_OFFER_2031',
    'addon',
    0.02,
    'ample',
    'CONTOSO_PILOT_PLAN_A CONTOSO_PILOT_PLAN_B',
  ],
  ['5e1ec7ed-0000-4000-8000-00000000a102', 'Custom offer (PRIVATE) =2', 'addon', 0.01, 'exact', ''],
];

const COMPANY_SKUS: ReadonlySet<string> = new Set(['SHAREPOINTSTORAGE', 'WINDOWS_STORE']);

/** The SKUs of every generated tenant, in the order in which `subscribedSkus` lists them. */
export const SKUS: readonly Sku[] = ROWS.map(([skuId, partNumber, role, share, units, planNames]) => ({
  skuId,
  partNumber,
  role,
  share,
  units,
  appliesTo: COMPANY_SKUS.has(partNumber) ? 'Company' : 'User',
  plans: plans(planNames),
}));

/** A person never holds more than this many SKUs. */
export const SKUS_PER_USER_MAX = 20;
