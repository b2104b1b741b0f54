import HTTPService

/// A request is framed the same however its bytes are cut, or refused for the same reason.
enum WireLaws {
    static func check(_ bytes: [UInt8]) throws(BrokenLaw) {
        let whole = RequestFraming.read(bytes, piece: max(bytes.count, 1))
        for piece in [1, 3, 16] {
            try hold(RequestFraming.read(bytes, piece: piece) == whole, "cut in pieces of \(piece), it is another request")
        }
        switch whole {
        case .requests(let counts):
            try hold(
                counts.reduce(0, +) <= bytes.count && counts.allSatisfy { $0 > 0 }, "more is read than there is: \(counts)")
        case .refused(let reason): try hold(!reason.message.isEmpty, "refused without a reason")
        }
    }
}

/// The parameters of a target are decoded or refused; written with every byte as a percent sign and two digits they are decoded to the same.
enum TargetLaws {
    static func check(_ bytes: [UInt8]) throws(BrokenLaw) {
        guard let text = String(validating: bytes, as: UTF8.self) else { return }
        guard case .success(let pairs) = RequestFraming.parameters(ofTarget: "/?" + text) else { return }
        var target = "/?"
        for pair in pairs {
            if target.utf8.count > 2 { target += "&" }
            target += "\(escaped(pair.name))=\(escaped(pair.value))"
        }
        guard case .success(let again) = RequestFraming.parameters(ofTarget: target) else {
            throw BrokenLaw("what is written of parameters is refused: \(target)")
        }
        try hold(
            again.map(\.name) == pairs.map(\.name) && again.map(\.value) == pairs.map(\.value),
            "what is written of parameters is read as others: \(target)")
    }

    private static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        return String(
            decoding: text.utf8.flatMap { [0x25, digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
