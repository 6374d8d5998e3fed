import { guidOf } from '../state/hash.ts';

export type ServicePlan = {
  readonly id: string;
  readonly name: string;
  readonly appliesTo: 'User' | 'Company';
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

/** The plans of names separated by blanks; a name that Microsoft does not publish gets an id of its own. */
export const plans = (names: string): ServicePlan[] =>
  names
    .split(' ')
    .filter(Boolean)
    .map((name) => ({
      id: PLAN_IDS[name] ?? guidOf('plan', name),
      name,
      appliesTo: COMPANY_PLANS.has(name) ? 'Company' : 'User',
    }));
