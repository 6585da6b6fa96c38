/** How a person looks at a collection. */
export interface View {
  readonly columns: {
    /** Column ids from left to right; columns that are not named follow in their own order. */
    readonly order: readonly string[];
    /** Ids of columns that are not shown. */
    readonly hidden: readonly string[];
    /** Px by column id; a column that is not named is as wide as its first values need. */
    readonly widths: Readonly<Record<string, number>>;
  };
}

export const DEFAULT_VIEW: View = { columns: { order: [], hidden: [], widths: {} } };
