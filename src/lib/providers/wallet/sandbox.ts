import { sandboxOf } from '../sandboxed';

export default sandboxOf('sandbox.wallet', 'wallet');
