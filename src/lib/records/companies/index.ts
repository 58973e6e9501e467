/** What happens to companies, as changes. They cause no events. */
export { companyPatch, companyValue } from './assign';
export { createCompany, deleteCompany, unlinkCompany, updateCompany, type CompanyFields } from './company';
