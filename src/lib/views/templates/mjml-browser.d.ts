declare module 'mjml-browser' {
  export default function mjml2html(
    mjml: string,
    options?: { validationLevel?: 'strict' | 'soft' | 'skip'; keepComments?: boolean; fonts?: Record<string, string> }
  ): { html: string; errors: readonly { formattedMessage: string }[] };
}
