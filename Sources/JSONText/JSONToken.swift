/// One step through a JSON text.
package enum JSONToken: Hashable, Sendable {
    case beginObject
    case endObject
    case beginArray
    case endArray
    /// The name of a member; its value is the next token. The colon is already passed.
    case key(String)
    case string(String)
    /// The digits as they were written, so that nothing is lost: the reader knows the grammar of numbers, not their size.
    case number(String)
    case boolean(Bool)
    case null
}
