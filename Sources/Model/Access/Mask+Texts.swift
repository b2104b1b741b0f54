import StoreColumns

/// What masks leave of texts. `Schema/formats/Access.md`
///
/// A text that does not look like what a mask is for is hidden whole: one `*` for each character, 22 at most.
extension Personal.Mask {
    /// - Parameter day: Who is under age on it, has nothing of an identity number shown.
    package func masked(_ text: String, on day: CivilDate) -> String {
        switch self {
        case .name: Self.maskedName(text)
        case .idNumber: Self.maskedIdentityNumber(text, on: day)
        case .phone: Self.maskedPhone(text)
        case .account: Self.maskedAccount(text)
        case .area: Self.maskedAddress(text)
        case .year, .band, .full: Self.hidden(text)
        }
    }

    static func hidden(_ text: String) -> String {
        String(repeating: "*", count: max(1, min(22, text.count)))
    }

    // MARK: - Names

    /// The surname, and the last character where more than one follows it: `张*`, `张*明`, `欧阳*`. Of names in other letters
    /// the first letter.
    static func maskedName(_ text: String) -> String {
        let characters = Array(text)
        guard characters.count > 1 else { return "*" }
        guard characters.allSatisfy(\.isIdeograph) else { return characters[0].isLetter ? "\(characters[0])*" : "*" }
        let surname = characters.count > 2 && compoundSurnames.contains(String(characters[..<2])) ? 2 : 1
        let given = characters.count - surname
        return String(characters[..<surname]) + "*" + (given > 1 ? String(characters[characters.count - 1]) : "")
    }

    private static let compoundSurnames = Set(
        """
        欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 \
        鲜于 司空 闾丘 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 梁丘 左丘 东门 西门 第五
        """.split(separator: " ").map(String.init))

    // MARK: - Numbers

    /// `420***********1234`. The number itself says when its holder was born; of a minor, and of a number of another kind,
    /// nothing is left: the last characters of a certificate of 20 say more than a number.
    static func maskedIdentityNumber(_ text: String, on day: CivilDate) -> String {
        let bytes = Array(text.utf8)
        guard bytes.count == 18 || bytes.count == 15, bytes.dropLast().allSatisfy(isDigit),
            let last = bytes.last, isDigit(last) || bytes.count == 18 && last == UInt8(ascii: "X"),
            let birth = birthDate(bytes), fullYears(from: birth, to: day) >= adultAge
        else { return hidden(text) }
        return covered(text, first: 3, last: 4)
    }

    private static let adultAge = 18

    private static func birthDate(_ bytes: [UInt8]) -> CivilDate? {
        func number(_ range: Range<Int>) -> Int { bytes[range].reduce(0) { $0 * 10 + Int($1) - 0x30 } }
        return bytes.count == 18
            ? CivilDate(year: number(6..<10), month: number(10..<12), day: number(12..<14))
            : CivilDate(year: 1900 + number(6..<8), month: number(8..<10), day: number(10..<12))
    }

    private static func fullYears(from birth: CivilDate, to day: CivilDate) -> Int {
        day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day) ? 1 : 0)
    }

    /// `138****1234`, of eleven digits.
    static func maskedPhone(_ text: String) -> String {
        guard text.utf8.count == 11, text.utf8.allSatisfy(isDigit) else { return hidden(text) }
        return covered(text, first: 3, last: 4)
    }

    /// `****6789`, of twelve digits or more: how many there were is not told.
    static func maskedAccount(_ text: String) -> String {
        guard (12...32).contains(text.utf8.count), text.utf8.allSatisfy(isDigit) else { return hidden(text) }
        return "****" + String(text.suffix(4))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func covered(_ text: String, first: Int, last: Int) -> String {
        String(text.prefix(first)) + String(repeating: "*", count: text.count - first - last) + String(text.suffix(last))
    }

    // MARK: - Addresses

    /// Down to the last area that is named before a street or a number: `临江乡胡林村3组*`.
    static func maskedAddress(_ text: String) -> String {
        let characters = Array(text)
        var end = 0
        var index = 0
        while index < characters.count, !endsAreas(characters, index) {
            if let length = areaLength(characters, index) { end = index + length }
            index += 1
        }
        guard end > 0 else { return "*" }
        return String(characters[..<end]) + (end < characters.count ? "*" : "")
    }

    private static let areaEnds: [[Character]] = ["省", "市", "区", "县", "州", "旗", "镇", "乡", "村", "组", "屯", "社区", "街道"].map(
        Array.init)
    private static let placeEnds: Set<Character> = ["路", "街", "巷", "弄", "号", "栋", "幢", "楼", "室", "单", "院"]

    private static func areaLength(_ characters: [Character], _ index: Int) -> Int? {
        // What begins a text names nothing.
        guard index > 0 else { return nil }
        return areaEnds.first { characters[index...].starts(with: $0) }?.count
    }

    private static func endsAreas(_ characters: [Character], _ index: Int) -> Bool {
        placeEnds.contains(characters[index]) && areaLength(characters, index) == nil
    }
}

extension Character {
    fileprivate var isIdeograph: Bool { unicodeScalars.allSatisfy { $0.properties.isIdeographic } }
}
