import { guidOf } from '../state/hash.ts';

/** How many units of a SKU the tenant has bought, in relation to the licences assigned when the directory began. */
export type UnitRule =
  | 'ample'
  | 'exact'
  | 'over-assigned'
  | 'warning'
  | 'suspended'
  | 'locked-out'
  | 'all-zero'
  | 'partly-warning'
  | 'free-10000'
  | 'viral-1000000'
  | 'unused';

export type ServicePlan = {
  readonly id: string;
  readonly name: string;
  readonly appliesTo: 'User' | 'Company';
};

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

/** Service plans by name. @see https://learn.microsoft.com/entra/identity/users/licensing-service-plan-reference */
const PLAN_IDS: Readonly<Record<string, string>> = {
  AAD_PREMIUM: '41781fb2-bc02-4b7c-bd55-b576c07bb09d',
  AAD_PREMIUM_P2: 'eec0eb4f-6444-4f95-aba0-50c24d67f998',
  ADALLOM_S_O365: '8c098270-9dd4-4350-9b30-ba4703f3b36b',
  ATA: '14ab5db5-e6c4-4b20-b4bc-13e36fd2227f',
  ATP_ENTERPRISE: 'f20fedf3-f3c3-43c3-8267-2bfdd51c0939',
  BI_AZURE_P0: '2049e525-b859-401b-b2a0-e0a31c4b1fe4',
  BI_AZURE_P2: '70d33638-9c74-4d01-bfd3-562de28bd4ba',
  CRMSTANDARD: 'f9646fb2-e3b2-4309-95de-dc4833737456',
  Deskless: '8c7d2df8-86f0-4902-b2ed-a0458298f3b3',
  DYN365_CDS_VIRAL: '17ab22cd-a0b3-4536-910a-cb6eb12696c0',
  EXCHANGE_S_DESKLESS: '4a82b400-a79f-41a4-b4e2-e94f5787b113',
  EXCHANGE_S_ENTERPRISE: 'efb87545-963c-4e0d-99df-69c6916d9eb0',
  EXCHANGE_S_FOUNDATION: '113feb6c-3fe4-4440-bddc-54d774bf0318',
  EXCHANGE_S_STANDARD: '9aaf7827-d63c-4b61-89c3-182f06f82e5c',
  FLOW_O365_P2: '76846ad7-7776-4c40-a281-a386362dd1b9',
  FLOW_O365_P3: '07699545-9485-468e-95b6-2fca3738be01',
  FLOW_P2_VIRAL: '50e68c76-46c6-4674-81f9-75456511b170',
  FORMS_PLAN_E3: '2789c901-c14e-48ab-a76a-be334d9d793a',
  FORMS_PLAN_E5: 'e212cbc7-0961-4c40-9825-01117710dcb1',
  FORMS_PLAN_K: 'f07046bd-2a3c-4b96-b0be-dea79d7cbfb8',
  INTUNE_A: 'c1ec4a95-1f05-45b3-a911-aa3fa01094f5',
  M365_COPILOT_APPS: 'a62f8878-de10-42f3-b68f-6149a25ceb97',
  M365_COPILOT_BUSINESS_CHAT: '3f30311c-6b1e-48a4-ab79-725b469da960',
  M365_COPILOT_TEAMS: 'b95945de-b3bd-46db-8437-f2beb6ea2347',
  MCOEV: '4828c8ec-dc2e-4779-b502-87ac9ce28ab7',
  MCOIMP: 'afc06cb0-b4f4-4473-8286-d644f70d8faf',
  MCOMEETADV: '3e26ee1f-8a5f-4d52-aee2-b81ce45c8f40',
  MCOPSTN1: '4ed3ff63-69d7-4fb7-b984-5aec7f605ca8',
  MCOSTANDARD: '0feaeb32-d00e-4d66-bd5a-43b5b83db82c',
  MFA_PREMIUM: '8a256a2b-b617-496d-b51b-e76466e88db0',
  OFFICESUBSCRIPTION: '43de0ff5-c92c-492b-9116-175376d08c38',
  POWERAPPS_P2_VIRAL: 'd5368ca3-357e-4acb-9c21-8495fb025d1f',
  PROJECT_CLIENT_SUBSCRIPTION: 'fafd7243-e5c1-4a3a-9e40-495efcb1d3c3',
  PROJECTWORKMANAGEMENT: 'b737dad2-2f6c-4c65-90e3-ca563267e8b9',
  RMS_S_ADHOC: '7a39d7dd-e456-4e09-842a-0204ee08187b',
  RMS_S_ENTERPRISE: 'bea4c11e-220a-4e6d-8eb8-8ea15d019f90',
  RMS_S_PREMIUM: '6c57d4b6-3b23-47a5-9bc9-69f17b4947b3',
  SHAREPOINT_PROJECT: 'fe71d6c3-a2ea-4499-9778-da042bf08063',
  SHAREPOINTDESKLESS: '902b47e5-dcb2-4fdc-858b-c63a90a2bdb9',
  SHAREPOINTENTERPRISE: '5dbe027f-2339-4123-9542-606e4d348a72',
  SHAREPOINTSTANDARD: 'c7699d2e-19aa-44de-8edf-1736da088ca1',
  SHAREPOINTSTORAGE: 'be5a7ed5-c598-4fcd-a061-5e6724c68a58',
  SHAREPOINTWAC: 'e95bec33-7c88-4a70-8e19-b10bd9d0c014',
  STREAM_O365_E3: '9e700747-8b1d-45e5-ab8d-ef187ceec156',
  SWAY: 'a23b959c-7ce8-4e57-9140-b90eb88a9e97',
  TEAMS1: '57ff2da0-773e-42df-b2af-ffb7a2317929',
  THREAT_INTELLIGENCE: '8e0c0a52-6a6c-4d40-8370-dd62790dcd70',
  VISIO_CLIENT_SUBSCRIPTION: '663a804f-1c30-4ff0-9915-9db84f0d1cea',
  VISIOONLINE: '2bdbaf8f-738f-4ac7-9234-3c3ee2ce7d0f',
  WIN10_PRO_ENT_SUB: '21b439ba-a0ca-424f-a6cc-52f954a5b111',
  WINDEFATP: '871d91ec-ec1a-452b-a83f-bd76c7d770ef',
  WINDOWS_STORE: 'a420f25f-a7b3-4ff5-a9d0-5d58f73b537d',
  YAMMER_ENTERPRISE: '7547a3fe-08ee-4ccb-b430-5077c5041653',
};

const COMPANY_PLANS: ReadonlySet<string> = new Set([
  'EXCHANGE_S_FOUNDATION',
  'SHAREPOINTSTORAGE',
  'WINDOWS_STORE',
]);

const plans = (names: string): ServicePlan[] =>
  names
    .split(' ')
    .filter(Boolean)
    .map((name) => ({
      id: PLAN_IDS[name] ?? guidOf('plan', name),
      name,
      appliesTo: COMPANY_PLANS.has(name) ? 'Company' : 'User',
    }));

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

export type PrepaidUnits = { enabled: number; suspended: number; warning: number; lockedOut: number };

/** What was bought, when `holders` people held the SKU. */
export function prepaidUnits(rule: UnitRule, holders: number): PrepaidUnits {
  const none = { enabled: 0, suspended: 0, warning: 0, lockedOut: 0 };
  const rounded = (value: number) => Math.max(5, Math.ceil(value / 5) * 5);
  switch (rule) {
    case 'ample':
      return { ...none, enabled: rounded(holders * 1.12 + 3) };
    case 'exact':
      return { ...none, enabled: holders };
    case 'over-assigned':
      return { ...none, enabled: Math.floor(holders * 0.95) };
    case 'warning':
      return { ...none, warning: rounded(holders * 1.05) };
    case 'partly-warning':
      return { ...none, enabled: rounded(holders * 0.9), warning: rounded(holders * 0.15) };
    case 'suspended':
      return { ...none, suspended: rounded(holders) };
    case 'locked-out':
      return { ...none, lockedOut: rounded(holders) };
    case 'all-zero':
      return none;
    case 'free-10000':
      return { ...none, enabled: 10_000 };
    case 'viral-1000000':
      return { ...none, enabled: 1_000_000 };
    case 'unused':
      return { ...none, enabled: 500 };
  }
}

/** `capabilityStatus` that goes with the units. */
export function capabilityStatus(rule: UnitRule): string {
  switch (rule) {
    case 'warning':
      return 'Warning';
    case 'suspended':
      return 'Suspended';
    case 'locked-out':
      return 'LockedOut';
    case 'all-zero':
      return 'Deleted';
    default:
      return 'Enabled';
  }
}
