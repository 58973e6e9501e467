/** What happens to companies, as changes. They cause no events. */
export { companyPatch, companyValue } from './assign';
export { createCompany, deleteCompany, linkCompany, updateCompany, type CompanyFields } from './company';
