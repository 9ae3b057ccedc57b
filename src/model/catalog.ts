export interface Catalog { readonly todo: never }
