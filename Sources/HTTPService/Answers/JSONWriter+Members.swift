import JSONText

/// Members and elements with what is in them.
extension JSONWriter {
    mutating func member(_ name: String, _ text: String) {
        self.name(name)
        string(text)
    }

    mutating func member(_ name: String, _ number: Int) {
        self.name(name)
        int(number)
    }

    mutating func member(_ name: String, _ flag: Bool) {
        self.name(name)
        boolean(flag)
    }

    mutating func member(_ name: String, _ texts: [String]) {
        list(name) { json in
            for text in texts {
                json.separate()
                json.string(text)
            }
        }
    }

    mutating func object(_ name: String, _ body: (inout JSONWriter) -> Void) {
        self.name(name)
        beginObject()
        body(&self)
        endObject()
    }

    mutating func list(_ name: String, _ body: (inout JSONWriter) -> Void) {
        self.name(name)
        beginArray()
        body(&self)
        endArray()
    }

    /// An object in a list.
    mutating func element(_ body: (inout JSONWriter) -> Void) {
        separate()
        beginObject()
        body(&self)
        endObject()
    }
}
