export interface OrderAnswer {
  readonly same: boolean;
}
