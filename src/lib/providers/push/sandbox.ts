import { sandboxOf } from '../sandboxed';

export default sandboxOf('sandbox.push', 'push');
