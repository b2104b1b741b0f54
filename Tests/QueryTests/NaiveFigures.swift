/// Figures and groups by the plainest code there is: every row looked at, every value kept.
extension NaiveGraph {
    /// The text of a figure as the API writes it; of a count a number.
    ///
    /// - Parameter kind: as `FilterMaker` calls it: int, decimal (three digits in Song, two elsewhere), float, ratio, date, instant.
    func figure(_ operation: String, _ field: String, _ kind: String, of rows: [Int], _ type: String, scale: Int = 4) -> String {
        let values = rows.map { value(field, of: $0, type) }.filter { $0 != .null }
        let digits = kind == "decimal" ? (type == "Song" || field == "earnings" ? 3 : 2) : 0
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
                return (
                    "{\"value\":\(Value.decimalText(thousandths, digits: type == "Song" || field == "earnings" ? 3 : 2))}", value
                )
            case .enumeration(let name): return ("\"\(name)\"", value)
            case .string(let text): return (Self.json(text), value)
            case .boolean(let flag): return ("\(flag)", value)
            // Equal dates are days.
            case .date: return groupKey(.period(field, "DAY"), of: row, type)
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
        case .width(let field, let width, let origin):
            // Widths are whole numbers; values may not be.
            guard let (top, bottom) = fraction(field, of: row, type) else { return ("null", nil) }
            let (distance, whole) = (top - origin * bottom, width * bottom)
            let index = distance >= 0 ? distance / whole : -((whole - 1 - distance) / whole)
            return ("{\"from\":\(index * width + origin),\"to\":\((index + 1) * width + origin)}", .int(index))
        case .bounds(let field, let bounds):
            guard let (top, bottom) = fraction(field, of: row, type) else { return ("null", nil) }
            let index = bounds.count { $0 * bottom <= top }
            let (from, to) = (index > 0 ? "\(bounds[index - 1])" : "null", index < bounds.count ? "\(bounds[index])" : "null")
            return ("{\"from\":\(from),\"to\":\(to)}", .int(index))
        case .row(let key):
            let value = value(key, of: row, type)
            guard case .string(let text) = value else { return ("null", nil) }
            return (Self.json(text), value)
        case .edge(let field, let target, let key):
            guard case .row(let other) = value(field, of: row, type) else { return ("{\"\(key)\":null}", nil) }
            let (text, order) = groupKey(.row(key), of: other, target)
            return ("{\"\(key)\":\(text)}", order)
        case .level(let level):
            guard let above = ancestor(level, of: row) else { return ("null", nil) }
            return groupKey(.row("code"), of: above, "Region")
        }
    }

    /// A number as a fraction; floats of the tests have at most three digits.
    private func fraction(_ field: String, of row: Int, _ type: String) -> (top: Int, bottom: Int)? {
        switch value(field, of: row, type) {
        case .int(let number): (number, 1)
        case .decimal(let thousandths): (thousandths, 1_000)
        case .float(let number): (Int((number * 1_000).rounded()), 1_000)
        case .ratio(let top, let bottom): (top, bottom)
        default: nil
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
    case width(String, Int, origin: Int)
    /// Intervals between bounds.
    case bounds(String, [Int])
    /// The row itself, shown by a field of its key.
    case row(String)
    /// A related row, by the name of the field that refers to it.
    case edge(String, target: String, String)
    /// The region of a level above the row.
    case level(String)
    case toOne(String, target: String, NaiveKey)

    /// The member of `key`.
    var name: String {
        switch self {
        case .field(let name), .period(let name, _), .width(let name, _, _), .bounds(let name, _), .toOne(let name, _, _),
            .row(let name),
            .edge(let name, _, _):
            name
        case .level: "code"
        }
    }

    /// As it is shown where there is no value.
    var nullText: String {
        switch self {
        case .toOne(_, _, let inner): "{\"\(inner.name)\":\(inner.nullText)}"
        case .edge(_, _, let key): "{\"\(key)\":null}"
        default: "null"
        }
    }

    var text: String {
        switch self {
        case .field(let name): "{field: \(name)}"
        case .period(let name, let unit): "{\(name): \(unit)}"
        case .width(let name, let width, let origin): "{\(name): {width: \(width)\(origin == 0 ? "" : " origin: \(origin)")}}"
        case .bounds(let name, let bounds): "{\(name): {bounds: [\(bounds.map { "\($0)" }.joined(separator: " "))]}}"
        case .row: "{field: id}"
        case .edge(let name, _, _): "{field: \(name)}"
        case .level(let level): "{level: \(level)}"
        case .toOne(let name, _, let inner): "{\(name): \(inner.text)}"
        }
    }

    /// What of `key` is selected.
    func selection(isNumber: (String) -> Bool) -> String {
        let isDate = { ["born", "debut", "founded", "since", "until"].contains($0) }
        return switch self {
        case .field(let name): isNumber(name) ? "\(name) { value }" : isDate(name) ? "\(name) { period }" : name
        case .bounds(let name, _): "\(name) { from to }"
        case .row(let key): key
        case .edge(let name, _, let key): "\(name) { \(key) }"
        case .level: "code"
        case .period(let name, _): "\(name) { period }"
        case .width(let name, _, _): "\(name) { from to }"
        case .toOne(let name, _, let inner): "\(name) { \(inner.selection(isNumber: isNumber)) }"
        }
    }
}
