/** A name or code in backticks. Backticks in it give way, so that the sentence stays readable. */
export function named(text: string): string {
  return `\`${text.replaceAll("`", "'")}\``;
}
