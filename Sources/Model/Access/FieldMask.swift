import Expressions
import StoreColumns

/// What is shown of a field that a role sees masked: a text in place of each value.
package struct FieldMask: Sendable {
    package let mask: Personal.Mask
    /// Of an enum, by code: what is told in place of its values.
    private let names: [String?]
    /// Whether values are lists.
    package let isList: Bool

    /// - Returns: nil for a field that is not masked.
    package init?(_ field: ModelField, in model: Model) {
        guard case .masked(let mask) = field.view else { return nil }
        self.mask = mask
        switch field.source {
        case .column(_, .enumeration(let id)), .validColumn(_, _, .enumeration(let id)), .derived(_, .enumeration(let id)):
            names = model[id].values.map(\.maskedName)
            isList = false
        case .column(_, .enumerationList(let id)), .validColumn(_, _, .enumerationList(let id)):
            names = model[id].values.map(\.maskedName)
            isList = true
        default:
            names = []
            isList = false
        }
    }

    /// - Parameter day: Who is under age on it, has nothing of an identity number shown. Not a day that the asker chooses.
    /// - Returns: nil for no value, and where nothing is left.
    package func text(_ value: Scalar, on day: CivilDate) -> String? {
        switch (mask, value) {
        case (_, .null), (.full, _): nil
        case (.year, .date(let date)): String(date.year)
        case (.year, .dateTime(let instant)): String(instant.description.prefix(4))
        case (.band, .int(let number)): Self.band(unscaled: number, fractionDigits: 0)
        case (.band, .decimal(let number)): Self.band(unscaled: number.unscaled, fractionDigits: number.fractionDigits)
        case (.band, .enumeration(let code)): names.indices.contains(Int(code)) ? names[Int(code)] : nil
        case (_, .string(let text)): mask.masked(text, on: day)
        default: nil
        }
    }

    /// What is told in place of the values of a list, each once.
    package func texts(_ codes: [UInt16]) -> [String] {
        var texts: [String] = []
        for code in codes where names.indices.contains(Int(code)) {
            if let name = names[Int(code)], !texts.contains(name) { texts.append(name) }
        }
        return texts
    }

    /// The tenth of a power of ten in which a number lies, at least a hundred wide: `3000–4000`, `0–100`.
    package static func band(unscaled: Int64, fractionDigits: Int) -> String {
        var scale: Int64 = 1
        for _ in 0..<fractionDigits { scale *= 10 }
        let whole = unscaled.magnitude / scale.magnitude
        var width: UInt64 = 100
        while whole / width >= 10, width <= UInt64.max / 100 { width *= 10 }
        let lower = whole / width * width
        let bounds = "\(lower)–\(lower + width)"
        return unscaled < 0 ? "below 0: " + bounds : bounds
    }
}
