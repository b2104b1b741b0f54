/// A type with its list and non-null wrappers, as one comparable word pair: `[Person!]!`.
///
/// Wrappers are two bits each, outermost in the low bits: `01` list, `10` non-null. Up to 32 wrappers fit; the parser's
/// depth bound is what refuses more.
package struct TypeReference: Hashable, Sendable {
    package var named: TypeID
    private var wrappers: UInt64

    /// The bare named type, nullable.
    package init(_ named: TypeID) {
        self.named = named
        self.wrappers = 0
    }

    private init(named: TypeID, wrappers: UInt64) {
        self.named = named
        self.wrappers = wrappers
    }

    package static let maximumWrapperCount = 32

    package var isNonNull: Bool { wrappers & 3 == 2 }
    /// A list, when non-null is set aside.
    package var isList: Bool { nullable.wrappers & 3 == 1 }
    /// The bare named type, perhaps non-null, but no list.
    package var isNamed: Bool { nullable.wrappers == 0 }

    /// Without its outermost non-null.
    package var nullable: TypeReference {
        isNonNull ? TypeReference(named: named, wrappers: wrappers >> 2) : self
    }

    package var nonNull: TypeReference {
        isNonNull ? self : TypeReference(named: named, wrappers: wrappers << 2 | 2)
    }

    /// A nullable list of this.
    package var list: TypeReference { TypeReference(named: named, wrappers: wrappers << 2 | 1) }

    /// What a list holds; nil where this is no list.
    package var element: TypeReference? {
        let inner = nullable
        return inner.wrappers & 3 == 1 ? TypeReference(named: named, wrappers: inner.wrappers >> 2) : nil
    }

    /// How many wrappers stand around the named type.
    package var wrapperCount: Int { (64 - wrappers.leadingZeroBitCount + 1) / 2 }

    /// `[Person!]!`
    package func text(in schema: Schema) -> String {
        if isNonNull { return nullable.text(in: schema) + "!" }
        if let element { return "[" + element.text(in: schema) + "]" }
        return schema[named].name
    }
}
