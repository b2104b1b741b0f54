/// Figures and groups by the plainest code there is: every row looked at, every value kept.
extension NaiveGraph {
    /// The text of a figure as the API writes it; of a count a number.
    ///
    /// - Parameter kind: as `FilterMaker` calls it: int, decimal (three digits in Song, two elsewhere), float, ratio, date, instant.
    func figure(_ operation: String, _ field: String, _ kind: String, of rows: [Int], _ type: String, scale: Int = 4) -> String {
        let values = rows.map { value(field, of: $0, type) }.filter { $0 != .null }
        let digits = kind == "decimal" ? (type == "Song" ? 3 : 2) : 0
        switch operation {
        case "countDistinct":
            return "\(NaiveFigure.different(values).count)"
        case "sum":
            if kind == "float" { return "\(values.map(double).reduce(0, +))" }
            return Self.exact(values.map { units($0, digits) }.reduce(0, +), over: 1, scale: digits, digits: digits)
        case "avg":
            if values.isEmpty { return "null" }
            if kind == "float" { return "\(values.map(double).reduce(0, +) / Double(values.count))" }
            return Self.exact(
                values.map { units($0, digits) }.reduce(0, +), over: values.count * Self.power(digits), scale: 0, digits: scale)
        default: break
        }
        let sorted = values.sorted { Self.order($0, $1) == .less }
        guard !sorted.isEmpty else { return "null" }
        switch operation {
        case "min": return shown(sorted[0], digits)
        case "max": return shown(sorted[sorted.count - 1], digits)
        default:
            let (low, high) = (sorted[(sorted.count - 1) / 2], sorted[sorted.count / 2])
            switch (low, high) {
            case (.float(let a), .float(let b)): return "\(a / 2 + b / 2)"
            case (.ratio(let a, let b), .ratio(let c, let d)):
                return Self.exact(a * d + c * b, over: 2 * b * d, scale: 0, digits: 4)
            case (.int, _), (.decimal, _):
                return Self.exact(5 * (units(low, digits) + units(high, digits)), over: 1, scale: digits + 1, digits: digits + 1)
            default: return shown(low, digits)
            }
        }
    }

    private func double(_ value: Value) -> Double { if case .float(let value) = value { value } else { 0 } }

    /// Scaled integers of so many digits.
    private func units(_ value: Value, _ digits: Int) -> Int {
        switch value {
        case .int(let value): value
        case .decimal(let thousandths): thousandths / Self.power(3 - digits)
        default: 0
        }
    }

    private static func power(_ digits: Int) -> Int { (0..<digits).reduce(1) { power, _ in power * 10 } }

    /// A fraction of an integer of `scale` digits, rounded half away from zero to `digits`.
    static func exact(_ numerator: Int, over denominator: Int, scale: Int, digits: Int) -> String {
        var (top, bottom) = (abs(numerator), denominator)
        if digits >= scale { top *= power(digits - scale) } else { bottom *= power(scale - digits) }
        let rounded = (2 * top + bottom) / (2 * bottom)
        let sign = numerator < 0 && rounded > 0 ? "-" : ""
        guard digits > 0 else { return "\(sign)\(rounded)" }
        let fraction = String(rounded % power(digits))
        return "\(sign)\(rounded / power(digits))." + String(repeating: "0", count: digits - fraction.count) + fraction
    }

    private func shown(_ value: Value, _ digits: Int) -> String {
        switch value {
        case .decimal(let thousandths): Value.decimalText(thousandths, digits: digits)
        case .ratio(let top, let bottom): Self.exact(top, over: bottom, scale: 0, digits: 4)
        case .date, .instant: value.text
        case .int(let value): "\(value)"
        case .float(let value): "\(value)"
        case .string(let text): Self.json(text)
        case .enumeration(let name): "\"\(name)\""
        case .boolean(let flag): "\(flag)"
        default: "?"
        }
    }

    // MARK: - Groups

    /// What a row is grouped by, as the answer shows it, and something to sort it by; nil sorts last.
    func groupKey(_ key: NaiveKey, of row: Int, _ type: String) -> (text: String, order: Value?) {
        switch key {
        case .toOne(let field, let target, let inner):
            guard case .row(let other) = value(field, of: row, type) else {
                return ("{\"\(inner.name)\":\(inner.nullText)}", nil)
            }
            let (text, order) = groupKey(inner, of: other, target)
            return ("{\"\(inner.name)\":\(text)}", order)
        case .field(let field):
            let value = value(field, of: row, type)
            switch value {
            case .null: return ("null", nil)
            case .int(let number): return ("{\"value\":\(number)}", value)
            case .decimal(let thousandths):
                return ("{\"value\":\(Value.decimalText(thousandths, digits: type == "Song" ? 3 : 2))}", value)
            case .enumeration(let name): return ("\"\(name)\"", value)
            case .string(let text): return (Self.json(text), value)
            case .boolean(let flag): return ("\(flag)", value)
            default: return ("?", value)
            }
        case .period(let field, let unit):
            switch value(field, of: row, type) {
            case .date(let day): return ("{\"period\":\"\(Self.period(day, unit))\"}", .string(Self.period(day, unit)))
            case .instant(let microseconds):
                let day = microseconds / 86_400_000_000
                return ("{\"period\":\"\(Self.period(day, unit))\"}", .string(Self.period(day, unit)))
            default: return ("null", nil)
            }
        case .width(let field, let width):
            // Widths are whole numbers; values may not be.
            let thousandths: Int
            switch value(field, of: row, type) {
            case .int(let number): thousandths = number * 1_000
            case .decimal(let number): thousandths = number
            case .float(let number): thousandths = Int((number * 1_000).rounded())
            default: return ("null", nil)
            }
            let index = Int((Double(thousandths) / Double(width * 1_000)).rounded(.down))
            return ("{\"from\":\(index * width),\"to\":\((index + 1) * width)}", .int(index))
        }
    }

    private static func json(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\t", with: "\\t") + "\""
    }

    private static func period(_ day: Int, _ unit: String) -> String {
        let text = dateText(day)
        let year = String(text.prefix(4))
        let month = Int(text.dropFirst(5).prefix(2)) ?? 0
        switch unit {
        case "YEAR": return year
        case "HALF": return "\(year)-H\(month <= 6 ? 1 : 2)"
        case "QUARTER": return "\(year)-Q\((month + 2) / 3)"
        case "MONTH": return String(text.prefix(7))
        case "WEEK":
            // The week's Thursday decides its year; 1970-01-01 was one.
            let thursday = day + 3 - ((day + 3) % 7 + 7) % 7
            let thursdaysYear = Int(dateText(thursday).prefix(4)) ?? 0
            let number = (thursday - days(thursdaysYear, 1, 1)) / 7 + 1
            return "\(thursdaysYear)-W\(number < 10 ? "0" : "")\(number)"
        default: return text
        }
    }
}

/// A key of groups, to be written as GraphQL and computed by hand.
indirect enum NaiveKey {
    case field(String)
    case period(String, String)
    case width(String, Int)
    case toOne(String, target: String, NaiveKey)

    /// The member of `key`.
    var name: String {
        switch self {
        case .field(let name), .period(let name, _), .width(let name, _), .toOne(let name, _, _): name
        }
    }

    /// As it is shown where there is no value.
    var nullText: String { if case .toOne(_, _, let inner) = self { "{\"\(inner.name)\":\(inner.nullText)}" } else { "null" } }

    var text: String {
        switch self {
        case .field(let name): "{field: \(name)}"
        case .period(let name, let unit): "{\(name): \(unit)}"
        case .width(let name, let width): "{\(name): {width: \(width)}}"
        case .toOne(let name, _, let inner): "{\(name): \(inner.text)}"
        }
    }

    /// What of `key` is selected.
    func selection(isNumber: (String) -> Bool) -> String {
        switch self {
        case .field(let name): isNumber(name) ? "\(name) { value }" : name
        case .period(let name, _): "\(name) { period }"
        case .width(let name, _): "\(name) { from to }"
        case .toOne(let name, _, let inner): "\(name) { \(inner.selection(isNumber: isNumber)) }"
        }
    }
}
