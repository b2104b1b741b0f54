/// How the text of a cell is taken.
package enum CellProfile: Sendable, Hashable {
    /// As people and spreadsheets write it: blanks at the ends mean nothing, an empty text is none, long numbers are texts again.
    case lenient
    /// As it was written by us without any neutralising: a text is what stands there, and one in quotes is a text even where it is empty.
    case exact
}
