/// A column of texts: a code a row, and the texts once.
package struct DictionaryColumn: Sendable {
    package let codes: FixedWidthColumn<UInt32>
    package let dictionary: StringDictionary

    package init(codes: FixedWidthColumn<UInt32>, dictionary: StringDictionary) {
        self.codes = codes
        self.dictionary = dictionary
    }

    package var rowCount: Int { codes.rowCount }
    /// The text of a row; nil where it is null.
    package func text(at row: Int) -> String? { codes[row].map(dictionary.text(of:)) }
}
