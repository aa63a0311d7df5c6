package io.circuitscript.model.locate;

import io.circuitscript.model.hub.HubName;
import io.circuitscript.source.Spelling;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The models that have short names, from a table among the resources. */
public final class KnownModels {
    private static final String TABLE = "models.tsv";
    private static final int COLUMNS = 12;

    /** Read where it is first asked for: most scripts load what is on disk. */
    private static final class Held {
        private static final KnownModels TABLE_READ = read();
    }

    private final List<KnownModel> all;
    private final Map<String, KnownModel> byName = new HashMap<>();

    private KnownModels(List<KnownModel> all) {
        this.all = List.copyOf(all);
        for (KnownModel model : all) {
            put(model.name(), model);
            put(model.repository().repository(), model);
            model.others().forEach(other -> put(other, model));
        }
    }

    private void put(String name, KnownModel model) {
        KnownModel before = byName.put(name.toLowerCase(Locale.ROOT), model);
        if (before != null && before != model)
            throw new IllegalStateException(name + " is the name of two models in " + TABLE);
    }

    /** In the table's order: by family, then as a list of them is usually written. */
    public static List<KnownModel> all() {
        return Held.TABLE_READ.all;
    }

    /** The model of a short name, of an older one, or of a repository's; letter case does not count. */
    public static Optional<KnownModel> named(String name) {
        return Optional.ofNullable(Held.TABLE_READ.byName.get(name.toLowerCase(Locale.ROOT)));
    }

    /** The names that a misspelt one was most likely meant to be, also among names that the caller knows of; best first. */
    public static List<String> nearest(String name, List<String> besides) {
        Set<String> names = new LinkedHashSet<>(besides);
        for (KnownModel model : all()) {
            if (name.contains("/")) names.add(model.repository().repository());
            else names.add(model.name());
        }
        List<String> found = Spelling.nearest(name, names, 3);
        // Where nothing is near, an older name may be.
        if (!found.isEmpty()) return found;
        return Spelling.nearest(
                name, all().stream().flatMap(model -> model.others().stream()).toList(), 3);
    }

    private static KnownModels read() {
        try (InputStream table = KnownModels.class.getResourceAsStream(TABLE)) {
            if (table == null) throw new IllegalStateException(TABLE + " is not on the class path");
            List<KnownModel> models = new ArrayList<>();
            String text = new String(table.readAllBytes(), StandardCharsets.UTF_8);
            text.lines()
                    .filter(line -> !line.startsWith("#"))
                    .skip(1)
                    .forEach(line -> models.add(model(line.split("\t", -1))));
            return new KnownModels(models);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static KnownModel model(String[] cells) {
        if (cells.length != COLUMNS)
            throw new IllegalStateException("a line of " + TABLE + " has " + cells.length + " cells: " + cells[0]);
        return new KnownModel(
                cells[0],
                HubName.of(cells[1]).orElseThrow(),
                cells[2],
                Integer.parseInt(cells[3]),
                Integer.parseInt(cells[4]),
                Integer.parseInt(cells[5]),
                Integer.parseInt(cells[6]),
                Integer.parseInt(cells[7]),
                Integer.parseInt(cells[8]),
                cells[9].equals("yes"),
                Long.parseLong(cells[10]),
                cells[11].equals("-") ? List.of() : List.of(cells[11].split(",")));
    }
}
