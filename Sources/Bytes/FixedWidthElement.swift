/// A value of fixed size without references, as it stands in memory and (little-endian) in a file.
///
/// Only types whose every bit pattern is a value may conform: bytes from a mapped file are read as them without a check.
@usableFromInline package protocol FixedWidthElement: BitwiseCopyable, Sendable, Hashable {
    /// All bits zero: what room holds before it is written.
    static var zero: Self { get }
}

extension UInt8: FixedWidthElement {}
extension UInt16: FixedWidthElement {}
extension UInt32: FixedWidthElement {}
extension UInt64: FixedWidthElement {}
extension Int32: FixedWidthElement {}
extension Int64: FixedWidthElement {}
extension Double: FixedWidthElement {}
