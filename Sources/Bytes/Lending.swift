/// The span, lent for as long as `owner` is borrowed.
///
/// For a span into something that `owner` keeps alive through more than one reference, which the compiler cannot see:
/// the caller promises that the memory lives, unchanged, as long as the owner does.
@_lifetime(borrow owner)
package func lend<Element, Owner: AnyObject>(_ span: Span<Element>, heldBy owner: borrowing Owner) -> Span<Element> {
    // The promise above is what makes this hold.
    unsafe _overrideLifetime(span, borrowing: owner)
}
