import StoreColumns

/// Values as they stand in a register's CSV files (`Schema/formats/RegisterFolder.md`).
enum CellWriter {
    /// Appends a cell; nothing where there is no value.
    static func append(_ word: Int64, _ kind: ValueKind, texts: [UInt8], to line: inout [UInt8]) {
        guard word != absentWord else { return }
        switch kind {
        case .integer: append(word, digits: 0, to: &line)
        case .boolean: line.append(contentsOf: (word != 0 ? "true" : "false").utf8)
        case .date: append(day: word, hyphens: true, to: &line)
        case .text: append(TextPlace(word: word).range, of: texts, to: &line)
        case .decimal(let digits): append(word, fractionDigits: digits, to: &line)
        case .real, .row, .nothing: break
        }
    }

    /// A whole number, with zeros before it where it has fewer digits.
    static func append(_ number: Int64, digits: Int, to line: inout [UInt8]) {
        var rest = number.magnitude
        if number < 0 { line.append(UInt8(ascii: "-")) }
        var count = 1
        var power: UInt64 = 10
        while power <= rest {
            count += 1
            let (next, overflow) = power.multipliedReportingOverflow(by: 10)
            if overflow { break }
            power = next
        }
        let width = max(count, digits)
        let start = line.count
        for _ in 0..<width { line.append(UInt8(ascii: "0")) }
        var index = start + width - 1
        while rest > 0 {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            line[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
            rest = quotient
            index -= 1
        }
    }

    /// `2017-06-30`, or `20170630`.
    static func append(day: Int64, hyphens: Bool, to line: inout [UInt8]) {
        guard let days = Int32(exactly: day), let date = CivilDate(days: days) else { return }
        let (year, month, day) = date.components
        append(Int64(year), digits: 4, to: &line)
        if hyphens { line.append(UInt8(ascii: "-")) }
        append(Int64(month), digits: 2, to: &line)
        if hyphens { line.append(UInt8(ascii: "-")) }
        append(Int64(day), digits: 2, to: &line)
    }

    private static func append(_ number: Int64, fractionDigits: Int, to line: inout [UInt8]) {
        guard fractionDigits > 0 else { return append(number, digits: 0, to: &line) }
        if number < 0 { line.append(UInt8(ascii: "-")) }
        var divisor: UInt64 = 1
        for _ in 0..<fractionDigits { divisor *= 10 }
        let (whole, fraction) = number.magnitude.quotientAndRemainder(dividingBy: divisor)
        append(Int64(clamping: whole), digits: 0, to: &line)
        line.append(UInt8(ascii: "."))
        append(Int64(clamping: fraction), digits: fractionDigits, to: &line)
    }

    /// A text: in quotes where a comma, a quote, a line end or a blank at an end asks for them. An empty text is none.
    private static func append(_ range: Range<Int>, of texts: [UInt8], to line: inout [UInt8]) {
        guard let first = range.first, let last = range.last else { return }
        var needsQuotes = texts[first] <= 0x20 || texts[last] <= 0x20
        for index in range where texts[index] <= 0x2C {
            switch texts[index] {
            case 0x22, 0x2C, 0x0A, 0x0D: needsQuotes = true
            default: continue
            }
        }
        guard needsQuotes else {
            line.append(contentsOf: texts[range])
            return
        }
        line.append(0x22)
        for index in range {
            if texts[index] == 0x22 { line.append(0x22) }
            line.append(texts[index])
        }
        line.append(0x22)
    }
}
