import Exchange
import Model
import StoreColumns

/// A small model with every kind of column and edge, and rows of it: what inputs are read under.
enum SampleData {
    static let sdl = """
        enum Form { VASE @label(zh: "瓶") COIN SCROLL }
        type Room @node(key: "code") {
          code: String! @label(zh: "编号")
          name: String
          exhibits: [Exhibit!]! @inverse(of: "room")
          loans: [Loan!]! @inverse(of: "room")
          count: Int @derived(cel: "size(exhibits)")
        }
        type Exhibit @node(key: ["room", "number"]) {
          room: Room!
          number: Int!
          title: String @label(zh: "名称")
          barcode: String @unique
          value: Decimal @decimal(digits: 2)
          weight: Float
          made: Date
          scannedAt: DateTime
          form: Form
          materials: [Form!]
          shown: Boolean
          stations: [Room!]
        }
        type Loan @node(key: ["room", "from"]) @period(from: "from", to: "to") {
          room: Room!
          from: Date!
          to: Date
        }
        """

    static let model: Model = {
        do throws(ModelErrors) {
            return try Model(sources: [ModelSource(name: "sample.graphql", bytes: Array(sdl.utf8))], digest: "sample")
        } catch {
            preconditionFailure("the sample model is none: \(error)")
        }
    }()

    /// Our own shape, a file a type, as `ImportLaws` reads it.
    static let rows = """
        %%% Room.csv
        code,name
        r0,Hall 0
        r1,大厅
        r2,
        %%% Exhibit.csv
        room,number,title,barcode,value,weight,made,scannedAt,form,materials,shown,stations
        r0,1,"a ""quoted"" vase",b1,12.50,0.25,1999-12-31,2020-02-29T12:00:00Z,VASE,VASE;COIN,true,r1;r2
        r0,2,瓶,b2,-0.01,-1e3,0001-01-01,1970-01-01T00:00:00Z,COIN,,false,
        r1,1,,,,,,,,,,
        r1,300,瓶,b3,999999.99,3,9999-12-31,2026-01-01T08:00:00.5Z,SCROLL,SCROLL,true,r0
        %%% Loan.csv
        room,from,to
        r0,2020-01-01,2020-06-30
        r0,2020-06-30,
        r2,2019-05-05,

        """

    static let exporter = CSVExporter(model: model)

    /// Version 1: the rows.
    static let version: GraphVersion = {
        let draft = Importer(model: model).read(ImportLaws.files(Array(rows.utf8)))
        do throws(ImportRefused) {
            return try draft.apply(to: .empty(catalog: model.catalog), number: 1, publishedAt: moment)
        } catch {
            preconditionFailure("the sample rows are none: \(error)")
        }
    }()

    static let moment = Instant(microseconds: 1_000_000)

    /// Everything that a version holds, as the bytes that an export of it has.
    static func text(_ version: GraphVersion) -> [UInt8] {
        var text: [UInt8] = []
        for file in exporter.files(of: version) {
            text += Array("%%% \(file.name)\n".utf8)
            let bytes = file.bytes
            for index in bytes.indices { text.append(bytes[index]) }
        }
        return text
    }
}
