import Query
import StoreColumns

/// What is to be found out of an answer before it is made.
struct Condition: Sendable {
    /// What the answer stands on, where the same request was asked before.
    var footing: AnswerFooting?
    /// Whether the client has the answer of this name, version and date.
    var isKnown: @Sendable (AnswerIdentity, UInt64, CivilDate) -> Bool
    /// The name under which such an answer is kept; nil where it is not.
    var keptName: (@Sendable (AnswerIdentity, UInt64, CivilDate) -> String?)?
    /// Whether the answer says since when it is as it is, in place of its version.
    var namesChange: Bool
    /// Makes a table of the answer; nil where it is sent as it is.
    var table: TableMaker?
}
