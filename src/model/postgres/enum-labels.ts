/**
 * Whether a label that ALTER TYPE … ADD VALUE gave to a type of the same transaction can be used there: from 17 on
 * (https://www.postgresql.org/docs/17/release-17.html). Before, as with a type that was there, not until the transaction is committed.
 * Measured on 14.19 to 18.6: 55P04 on 14, 15 and 16, none on 17 and 18.
 */
export const hasUsableNewLabels = (postgres: number): boolean => postgres >= 17;
