import StoreColumns

/// The models that a folder went through, as far as its snapshots tell: how an old version comes under the present one.
struct Lineage: Sendable {
    /// Why a version that is there cannot be shown.
    struct Broken: Error {
        var reason: String
    }

    /// The SDL of the present model, and what it says.
    let model: [UInt8]
    let outline: CatalogOutline
    let read: @Sendable ([UInt8]) -> CatalogOutline?

    /// Brings an old version under the present model, by the same steps that the data itself went.
    /// - Parameters:
    ///   - models: the SDL of the snapshot that the version came from, then those of all snapshots behind it, in their order.
    ///   - catalog: of the current version, which it must come to.
    func present(_ stored: GraphVersion, models: [[UInt8]], as catalog: Catalog) throws(Broken) -> GraphVersion {
        guard var last = models.first else { throw Broken(reason: "its model cannot be read") }
        var version = stored
        for next in models.dropFirst() where next != last {
            version = try step(version, from: last, to: next)
            last = next
        }
        if last != model || version.catalog != catalog { version = try step(version, from: last, to: model) }
        // What is damaged was read as nulls.
        guard stored.damage == nil else { throw Broken(reason: "stored data of it is damaged; the server's log says where") }
        guard version.catalog == catalog else {
            throw Broken(reason: "it was made under a model from which no way to the present one is kept")
        }
        return version
    }

    private func step(_ version: GraphVersion, from old: [UInt8], to new: [UInt8]) throws(Broken) -> GraphVersion {
        guard let target = new == model ? outline : read(new) else {
            throw Broken(reason: "a model that the data went through since then cannot be read any more")
        }
        let plan = MigrationPlan(from: version.catalog, old == new ? nil : read(old), to: target)
        do throws(MigrationRefused) {
            return try version.migrated(by: plan, number: version.number, publishedAt: version.publishedAt)
        } catch {
            throw Broken(reason: error.notes.map(\.text).joined(separator: "; "))
        }
    }
}
