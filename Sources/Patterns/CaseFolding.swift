/// Unicode's simple case folding: one scalar to one scalar, the lower case of the upper case where both are single scalars.
///
/// So `K` (Kelvin), `K` and `k` are one, as are `Σ`, `σ` and `ς`; full-width letters fold; `ß` is not `SS`, and no
/// language's own rules apply. PCRE2's caseless matching agrees.
package enum CaseFolding {
    /// The folded scalar; itself where it has no case.
    package static func fold(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        let value = scalar.value
        if value < 0x80 { return value &- 0x41 < 26 ? Unicode.Scalar(UInt8(value) | 0x20) : scalar }
        // From CJK radicals to the end of Yi nothing has case: most of the text that comes here.
        if (0x2E80..<0xA640).contains(value) || (0xAC00..<0xFB00).contains(value) { return scalar }
        return single(single(scalar, \.uppercaseMapping), \.lowercaseMapping)
    }

    /// Whether folding can change any scalar of a text, or reach it from another.
    package static func concerns(_ text: String) -> Bool {
        text.unicodeScalars.contains { $0.properties.isCased || fold($0) != $0 }
    }

    private static func single(
        _ scalar: Unicode.Scalar, _ mapping: KeyPath<Unicode.Scalar.Properties, String>
    ) -> Unicode.Scalar {
        var mapped = scalar.properties[keyPath: mapping].unicodeScalars.makeIterator()
        guard let first = mapped.next(), mapped.next() == nil else { return scalar }
        return first
    }
}
