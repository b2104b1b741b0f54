/// What an input made of a law: which one, and how it was broken.
package struct BrokenLaw: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String
    init(_ description: String) { self.description = description }
}

/// Throws unless the condition holds.
func hold(_ condition: Bool, _ words: @autoclosure () -> String) throws(BrokenLaw) {
    guard condition else { throw BrokenLaw(words()) }
}
