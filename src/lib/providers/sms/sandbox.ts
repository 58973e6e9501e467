import { sandboxOf } from '../sandboxed';

export default sandboxOf('sandbox.sms', 'sms');
