import StoreColumns

/// Nodes → words. Where an operand has no value, neither has the result; a condition without a value is false.
extension PartMaker {
    mutating func evaluate(_ index: Int) -> Int64 {
        let node = nodes[index]
        switch node.operation {
        case .constant: return node.word
        case .slot: return slots[Int(node.a)]
        case .stored:
            let position = slots[Int(node.a)]
            guard position != absentWord else { return absentWord }
            return stored[Int(node.b)][Int(position) * program.kinds[Int(node.b)].slots.count + Int(node.c)]
        case .template: return template(node)
        case .choose: return choose(program.choices[Int(node.a)], bits(node))
        case .wordAt:
            let position = evaluate(Int(node.b))
            guard position != absentWord else { return absentWord }
            let count = program.choices[Int(node.a)].words.count
            return program.choices[Int(node.a)].words[Self.remainder(position, count)]
        case .match: return match(node)
        case .below:
            guard let value = real(node.a) else { return absentWord }
            for band in program.bands[Int(node.b)] where value < band.bound { return evaluate(band.node) }
            return evaluate(Int(node.c))
        case .quantile:
            let position = CounterRandom.unit(bits(node)) * Double(program.quantiles[Int(node.a)].count - 1)
            let low = Int(position)
            let below = program.quantiles[Int(node.a)][low]
            return word(below + (program.quantiles[Int(node.a)][low + 1] - below) * (position - Double(low)))
        case .row: return takeRow(node)
        case .add, .subtract, .multiply, .remainder, .negate, .minimum, .maximum, .equal, .less, .lessOrEqual:
            return integers(node)
        case .addReal, .subtractReal, .multiplyReal, .divideReal, .negateReal, .minimumReal, .maximumReal, .equalReal,
            .lessReal, .lessOrEqualReal:
            return reals(node)
        case .toReal:
            let value = evaluate(Int(node.a))
            return value == absentWord ? absentWord : word(Double(value))
        case .floor: return whole(real(node.a)?.rounded(.down))
        case .round: return whole(real(node.a)?.rounded())
        case .decimal:
            var scale = 1.0
            for _ in 0..<node.b { scale *= 10 }
            return whole(real(node.a).map { ($0 * scale).rounded() })
        case .equalText: return equalTexts(evaluate(Int(node.a)), evaluate(Int(node.b))) ? 1 : 0
        case .and: return evaluate(Int(node.a)) == 1 && evaluate(Int(node.b)) == 1 ? 1 : 0
        case .or: return evaluate(Int(node.a)) == 1 || evaluate(Int(node.b)) == 1 ? 1 : 0
        case .not: return evaluate(Int(node.a)) == 1 ? 0 : 1
        case .conditional: return evaluate(Int(evaluate(Int(node.a)) == 1 ? node.b : node.c))
        case .has: return evaluate(Int(node.a)) == absentWord ? 0 : 1
        case .uniform, .uniformReal, .normal, .logNormal, .poisson, .chance: return draw(node)
        case .date, .year, .month, .day, .addMonths, .quarterStart: return day(node)
        case .serial: return serial(node)
        case .checkCharacter: return checkCharacter(evaluate(Int(node.a)))
        case .scramble: return scramble(node)
        }
    }

    // MARK: Words

    /// The bits of this draw in this row.
    private func bits(_ node: Node) -> UInt64 { CounterRandom.key(rowKey, UInt64(bitPattern: node.word)) }

    private mutating func real(_ index: Int32) -> Double? {
        let value = evaluate(Int(index))
        return value == absentWord ? nil : Double(bitPattern: UInt64(bitPattern: value))
    }

    private func word(_ value: Double) -> Int64 { value == 0 ? 0 : Int64(bitPattern: value.bitPattern) }

    private func whole(_ value: Double?) -> Int64 {
        guard let value, let number = Int64(exactly: value) else { return absentWord }
        return number
    }

    private static func remainder(_ number: Int64, _ count: Int) -> Int {
        let rest = Int(clamping: number % Int64(count))
        return rest < 0 ? rest + count : rest
    }

    private mutating func integers(_ node: Node) -> Int64 {
        let left = evaluate(Int(node.a))
        if node.operation == .negate { return left == absentWord ? absentWord : 0 &- left }
        let right = evaluate(Int(node.b))
        guard left != absentWord, right != absentWord else {
            switch node.operation {
            case .equal, .less, .lessOrEqual: return 0
            case .minimum, .maximum: return left == absentWord ? right : left
            default: return absentWord
            }
        }
        switch node.operation {
        case .add: return left &+ right
        case .subtract: return left &- right
        case .multiply: return left &* right
        case .remainder:
            guard right > 0 else { return absentWord }
            let rest = left % right
            return rest < 0 ? rest + right : rest
        case .minimum: return min(left, right)
        case .maximum: return max(left, right)
        case .equal: return left == right ? 1 : 0
        case .less: return left < right ? 1 : 0
        default: return left <= right ? 1 : 0
        }
    }

    private mutating func reals(_ node: Node) -> Int64 {
        guard let left = real(node.a) else { return missing(node) }
        if node.operation == .negateReal { return word(-left) }
        guard let right = real(node.b) else { return missing(node) }
        switch node.operation {
        case .addReal: return word(left + right)
        case .subtractReal: return word(left - right)
        case .multiplyReal: return word(left * right)
        case .divideReal: return right == 0 ? absentWord : word(left / right)
        case .minimumReal: return word(min(left, right))
        case .maximumReal: return word(max(left, right))
        case .equalReal: return left == right ? 1 : 0
        case .lessReal: return left < right ? 1 : 0
        default: return left <= right ? 1 : 0
        }
    }

    private func missing(_ node: Node) -> Int64 {
        switch node.operation {
        case .equalReal, .lessReal, .lessOrEqualReal: 0
        default: absentWord
        }
    }

    // MARK: Draws

    private func choose(_ choice: GenerationProgram.Choice, _ bits: UInt64) -> Int64 {
        let place = bits >> 11
        if choice.bounds.count <= 16 {
            for index in choice.bounds.indices where place < choice.bounds[index] { return choice.words[index] }
        }
        var low = 0
        var high = choice.bounds.count - 1
        while low < high {
            let middle = (low + high) / 2
            if place < choice.bounds[middle] { high = middle } else { low = middle + 1 }
        }
        return choice.words[low]
    }

    private mutating func draw(_ node: Node) -> Int64 {
        let bits = bits(node)
        if node.operation == .uniform {
            let low = evaluate(Int(node.a))
            let high = evaluate(Int(node.b))
            guard low != absentWord, high != absentWord, low <= high, high - low < 1 << 53 else { return absentWord }
            return low + Int64(CounterRandom.below(UInt64(high - low + 1), bits))
        }
        guard let first = real(node.a) else { return absentWord }
        let unit = CounterRandom.unit(bits)
        switch node.operation {
        case .chance: return unit < first ? 1 : 0
        case .poisson: return poisson(first, unit)
        case .uniformReal: return real(node.b).map { word(first + ($0 - first) * unit) } ?? absentWord
        case .normal: return real(node.b).map { word(first + $0 * ExactMath.normalQuantile(unit)) } ?? absentWord
        default:
            return real(node.b).map { word(first * ExactMath.exponential($0 * ExactMath.normalQuantile(unit))) } ?? absentWord
        }
    }

    /// The number of events that are expected `mean` times, by going through the counts.
    private func poisson(_ mean: Double, _ unit: Double) -> Int64 {
        guard mean > 0 else { return 0 }
        var count: Int64 = 0
        var share = ExactMath.exponential(-mean)
        var sum = share
        while sum <= unit, count < 10_000 {
            count += 1
            share = share * mean / Double(count)
            sum += share
        }
        return count
    }

    private mutating func takeRow(_ node: Node) -> Int64 {
        let first = scopes[Int(node.b)]
        let count = storedCounts[Int(node.a)] - first
        guard count > 0 else { return absentWord }
        if node.c < 0 { return Int64(first) + Int64(CounterRandom.below(UInt64(count), bits(node))) }
        let position = evaluate(Int(node.c))
        return position == absentWord ? absentWord : Int64(first + Self.remainder(position, count))
    }

    private mutating func match(_ node: Node) -> Int64 {
        let value = evaluate(Int(node.a))
        if value != absentWord {
            for entry in program.matches[Int(node.b)]
            where node.word == 0 ? entry.word == value : equalTexts(entry.word, value) {
                return evaluate(entry.node)
            }
        }
        return evaluate(Int(node.c))
    }

    // MARK: Days

    private mutating func day(_ node: Node) -> Int64 {
        let first = evaluate(Int(node.a))
        guard first != absentWord else { return absentWord }
        if node.operation == .date {
            let month = evaluate(Int(node.b))
            let day = evaluate(Int(node.c))
            let date = CivilDate(year: Int(clamping: first), month: Int(clamping: month), day: Int(clamping: day))
            return date.map { Int64($0.days) } ?? absentWord
        }
        guard let days = Int32(exactly: first), let date = CivilDate(days: days) else { return absentWord }
        switch node.operation {
        case .year: return Int64(date.year)
        case .month: return Int64(date.month)
        case .day: return Int64(date.day)
        case .quarterStart:
            let start = CivilDate(year: date.year, month: (date.month - 1) / 3 * 3 + 1, day: 1)
            return start.map { Int64($0.days) } ?? absentWord
        default: return date.adding(months: Int(clamping: evaluate(Int(node.b)))).map { Int64($0.days) } ?? absentWord
        }
    }

    // MARK: Texts and numbers of identity

    private mutating func template(_ node: Node) -> Int64 {
        let start = texts.count
        for index in Int(node.a)..<Int(node.a + node.b) {
            switch program.pieces[index] {
            case .text(let place):
                copy(place)
            case .value(let inner, let kind, let width):
                // A name's node only reads a slot, so nothing is appended between the pieces.
                let value = evaluate(inner)
                guard value != absentWord else {
                    texts.removeSubrange(start...)
                    return absentWord
                }
                switch kind {
                case .text: copy(value)
                case .date: CellWriter.append(day: value, hyphens: width == 0, to: &texts)
                case .integer:
                    let before = texts.count
                    CellWriter.append(value, digits: width, to: &texts)
                    if width > 0, texts.count - before > width {
                        fail("the number \(value) has more than the \(width) digits that a text has for it")
                    }
                default: CellWriter.append(value, kind, texts: [], to: &texts)
                }
            }
        }
        return TextPlace(start: start, count: texts.count - start).word
    }

    /// Appends a text of the texts. Not by a slice, which would make all of them be copied.
    private mutating func copy(_ place: Int64) {
        for index in TextPlace(word: place).range { texts.append(texts[index]) }
    }

    private func equalTexts(_ left: Int64, _ right: Int64) -> Bool {
        if left == right { return left != absentWord }
        guard left != absentWord, right != absentWord else { return false }
        let (first, second) = (TextPlace(word: left), TextPlace(word: right))
        guard first.count == second.count else { return false }
        for offset in 0..<first.count where texts[first.start + offset] != texts[second.start + offset] { return false }
        return true
    }

    private mutating func serial(_ node: Node) -> Int64 {
        var key = UInt64(bitPattern: node.word)
        for index in Int(node.a)..<Int(node.a + node.b) {
            key = CounterRandom.key(key, UInt64(bitPattern: evaluate(Int(program.operands[index]))))
        }
        let count = serials[key, default: 0]
        serials[key] = count + 1
        return count
    }

    /// ISO 7064 MOD 11-2 over the digits of a text: the character that makes the whole congruent to 1.
    private mutating func checkCharacter(_ text: Int64) -> Int64 {
        guard text != absentWord else { return absentWord }
        var sum = 0
        for index in TextPlace(word: text).range {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(texts[index]) else { return absentWord }
            sum = (sum + Int(texts[index] - UInt8(ascii: "0"))) * 2 % 11
        }
        let check = (12 - sum) % 11
        texts.append(check == 10 ? UInt8(ascii: "X") : UInt8(ascii: "0") + UInt8(check))
        return TextPlace(start: texts.count - 1, count: 1).word
    }

    /// Different numbers for different numbers below 10 to the power of the digits, in no visible order: x ↦ a·x + b, where
    /// a has no divisor in common with ten.
    private mutating func scramble(_ node: Node) -> Int64 {
        let value = evaluate(Int(node.a))
        guard value >= 0 else { return absentWord }
        var modulus: UInt64 = 1
        for _ in 0..<node.b { modulus *= 10 }
        let rest = UInt64(value) % modulus
        // 0.618… of the modulus, made to end in 7.
        let factor = modulus / 100 * 61 / 10 * 10 + 7
        let product = factor.multipliedFullWidth(by: rest)
        let scrambled = modulus.dividingFullWidth(product).remainder
        return Int64((scrambled + modulus / 7) % modulus)
    }
}
