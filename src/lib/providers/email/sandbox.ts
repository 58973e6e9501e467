import { sandboxOf } from '../sandboxed';

export default sandboxOf('sandbox', 'email');
