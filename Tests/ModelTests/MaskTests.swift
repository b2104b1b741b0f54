import Expressions
import Model
import StoreColumns
import Testing

@Suite struct `Masks of texts` {
    let day = CivilDate(year: 2026, month: 6, day: 30) ?? .earliest

    func check(_ mask: Personal.Mask, _ cases: [(String, String)], sourceLocation: SourceLocation = #_sourceLocation) {
        for (text, expected) in cases {
            #expect(mask.masked(text, on: day) == expected, "\(mask.rawValue) of '\(text)'", sourceLocation: sourceLocation)
        }
    }

    @Test func `a name keeps the surname, and the last character where that is not all of the rest`() {
        check(
            .name,
            [
                ("张三", "张*"), ("张小明", "张*明"), ("张小小明", "张*明"), ("欧阳娜", "欧阳*"), ("欧阳娜娜", "欧阳*娜"), ("欧阳", "欧*"),
                ("司马相如", "司马*如"), ("诸葛", "诸*"), ("第五伦", "第五*"), ("张", "*"), ("", "*"), ("𠮷田", "𠮷*"), ("㐀一二", "㐀*二"),
                // Of names in other letters nothing but the first: where the surname stands is not known.
                ("John Smith", "J*"), ("阿卜杜拉·买买提", "阿*"), ("张 三", "张*"), ("张三(户主)", "张*"), (" 张三", "*"), ("1张三", "*"),
                ("é́a", "é́*"),
            ])
    }

    @Test func `an identity number keeps its first three and last four characters, of grown-ups only`() {
        check(
            .idNumber,
            [
                ("420106198001011234", "420***********1234"), ("42010619800101123X", "420***********123X"),
                ("999999195512310010", "999***********0010"), ("420106800101123", "420********1123"),
                // Eighteen on the day, and a day later.
                ("420106200806301234", "420***********1234"), ("420106200807011234", "******************"),
                ("420106202001011234", "******************"),
                // Born on no day, lower case, full width, letters, too short, too long; certificates say what a person suffers from.
                ("420106198013011234", "******************"), ("42010619800101123x", "******************"),
                ("４２０１０６１９８００１０１１２３４", "******************"), ("42010619800101 234", "******************"),
                ("4201061980010112", "****************"),
                ("42010619800101123443", "********************"), ("4201061980010112344312", "**********************"),
                ("42010680010112X", "***************"), ("", "*"), ("X", "*"), ("none", "****"),
            ])
    }

    @Test func `a phone number keeps three and four of eleven digits`() {
        check(
            .phone,
            [
                ("13812345678", "138****5678"), ("+8613812345678", "**************"), ("0711-3860123", "************"),
                ("1381234567", "**********"), ("138123456789", "************"), ("１３８１２３４５６７８", "***********"),
                ("1381234567X", "***********"),
                ("", "*"),
            ])
    }

    @Test func `an account keeps four digits and not its length`() {
        check(
            .account,
            [
                ("6228480402564890018", "****0018"), ("622848040256", "****0256"), ("62284804025", "***********"),
                ("6228 4804 0256 4890 018", "**********************"), ("HT-2019-000123", "**************"), ("", "*"),
                (String(repeating: "1", count: 40), String(repeating: "*", count: 22)),
            ])
    }

    @Test func `an address keeps the areas before the first street or number`() {
        check(
            .area,
            [
                ("鄂州市华容区临江乡胡林村3组12号", "鄂州市华容区临江乡胡林村3组*"), ("胡林村三组", "胡林村三组"), ("华容区解放街道幸福社区5栋2单元301室", "华容区解放街道幸福社区*"),
                ("幸福路12号", "*"), ("12号新村公寓", "*"), ("胡林村12号新村公寓", "胡林村*"), ("村", "*"), ("", "*"), ("Main Street 12", "*"),
                ("大屯", "大屯"), ("临江乡", "临江乡"),
            ])
    }

    /// No mask shows more characters than it says, whatever the text.
    @Test func `no text shows more than a mask allows`() {
        let allowed: [(Personal.Mask, Int)] = [(.idNumber, 7), (.phone, 7), (.account, 4), (.year, 0), (.band, 0), (.full, 0)]
        let alphabet = Array("0123456789X张 -x９é")
        var state: UInt64 = 20_261_121
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for _ in 0..<3_000 {
            let digitsOnly = next(2) == 0
            let text = String((0..<next(24)).map { _ in alphabet[next(digitsOnly ? 10 : alphabet.count)] })
            for (mask, most) in allowed {
                let shown = mask.masked(text, on: day).filter { $0 != "*" }.count
                #expect(shown <= most, "\(mask.rawValue) of '\(text)'")
            }
            let name = Personal.Mask.name.masked(text, on: day)
            #expect(name.contains("*") && name.filter { $0 != "*" }.count <= 3)
        }
    }
}

/// A hundred thousand numbers as people write them, right and wrong, against the rule written once more by hand.
@Suite struct `Masks of many numbers` {
    private static let today = 20_260_630

    private struct Draw {
        var state: UInt64
        mutating func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        mutating func digits(_ count: Int) -> String { (0..<count).map { _ in String(next(10)) }.joined() }
    }

    /// Eighteen characters with the check digit of ISO 7064 MOD 11-2, or with another.
    private func identityNumber(_ draw: inout Draw) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let body =
            "42\(draw.digits(4))\(1_930 + draw.next(100))\(two(1 + draw.next(13)))\(two(1 + draw.next(31)))\(draw.digits(3))"
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(body, weights).reduce(0) { $0 + ($1.0.wholeNumberValue ?? 0) * $1.1 }
        let check = Array("10X98765432")[sum % 11]
        return body + (draw.next(8) == 0 ? draw.digits(1) : String(check))
    }

    /// As it is, or as people get it wrong.
    private func written(_ text: String, _ draw: inout Draw) -> String {
        let place = text.isEmpty ? 0 : draw.next(text.count)
        var characters = Array(text)
        switch draw.next(10) {
        case 0: characters.insert(" ", at: place)
        case 1: characters = characters.map { $0.wholeNumberValue.map { Array("０１２３４５６７８９")[$0] } ?? $0 }
        case 2: characters[place] = ["x", "X", "-", "O", "九", "٣"][draw.next(6)]
        case 3: characters.remove(at: place)
        case 4: characters.append("7")
        case 5: characters = Array(text.lowercased()) + ["\u{200B}"]
        default: break
        }
        return String(characters)
    }

    private func isDigits(_ text: some StringProtocol) -> Bool { text.allSatisfy { "0123456789".contains($0) } }

    private func hidden(_ text: String) -> String { String(repeating: "*", count: min(22, max(1, text.count))) }

    private func expected(_ mask: Personal.Mask, _ text: String) -> String {
        switch mask {
        case .phone where text.count == 11 && isDigits(text): return "\(text.prefix(3))****\(text.suffix(4))"
        case .account where (12...32).contains(text.count) && isDigits(text): return "****\(text.suffix(4))"
        case .idNumber where text.count == 18 || text.count == 15:
            let isRight =
                text.count == 15 ? isDigits(text) : isDigits(text.dropLast()) && (isDigits(text.suffix(1)) || text.hasSuffix("X"))
            let born = text.count == 15 ? "19" + text.dropFirst(6).prefix(6) : String(text.dropFirst(6).prefix(8))
            guard isRight, let number = Int(born), number + 180_000 <= Self.today else { return hidden(text) }
            let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100)
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            guard (1...12).contains(month), (1...lengths[month - 1]).contains(day) else { return hidden(text) }
            return text.prefix(3) + String(repeating: "*", count: text.count - 7) + text.suffix(4)
        default: return hidden(text)
        }
    }

    @Test func `show what the rule says, and of what is no such number nothing`() {
        let day = CivilDate(year: 2026, month: 6, day: 30) ?? .earliest
        var draw = Draw(state: 74)
        var (wrong, shown, count) = (0, 0, 0)
        for round in 0..<100_000 {
            let mask = [Personal.Mask.idNumber, .phone, .account][round % 3]
            var text = identityNumber(&draw)
            switch mask {
            case .phone: text = "1" + draw.digits(10)
            case .account: text = "6228" + draw.digits(8 + draw.next(13))
            default: if draw.next(4) == 0 { text = String(text.prefix(6) + text.dropFirst(8).prefix(9)) }
            }
            text = written(text, &draw)
            let (found, expected) = (mask.masked(text, on: day), expected(mask, text))
            count += 1
            if found.contains(where: { $0 != "*" }) { shown += 1 }
            if found != expected {
                wrong += 1
                if wrong < 10 { Issue.record("\(mask.rawValue) of '\(text)' is '\(found)', not '\(expected)'") }
            }
        }
        print("masks: \(count) numbers, \(shown) shown in part, \(wrong) wrong")
        #expect(wrong == 0 && shown > 20_000 && shown < 80_000)
    }
}

@Suite struct `Masks of values` {
    let day = CivilDate(year: 2026, month: 6, day: 30) ?? .earliest

    @Test func `a number is shown as the tenth of a power of ten in which it lies`() {
        let cases: [(Int64, Int, String)] = [
            (0, 0, "0–100"), (99, 0, "0–100"), (100, 0, "100–200"), (999, 0, "900–1000"), (1_000, 0, "1000–2000"),
            (3_456, 0, "3000–4000"), (9_999, 0, "9000–10000"), (345_678, 2, "3000–4000"), (99, 2, "0–100"),
            (12_345_678, 2, "100000–200000"),
            (-1, 0, "below 0: 0–100"), (-345_678, 2, "below 0: 3000–4000"),
            (.max, 0, "9000000000000000000–10000000000000000000"), (.min, 0, "below 0: 9000000000000000000–10000000000000000000"),
        ]
        for (unscaled, digits, expected) in cases {
            #expect(FieldMask.band(unscaled: unscaled, fractionDigits: digits) == expected)
        }
    }
}
