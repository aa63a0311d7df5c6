package io.circuitscript.model.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Data sets of the hub, in the same cache as its models. What the cache has is taken as it is, and no network is asked. A data set's programs are never fetched
 * or run.
 */
public final class DataSets {
    private static final String README = "README.md";
    private static final long LARGEST_README = 4L << 20;

    /** More files than any data set that is read here has. */
    private static final int MOST_FILES = 100_000;

    /** What data takes of a file; a larger one would be refused once it is here. */
    private static final long LARGEST_FILE = 128L << 20;

    private final HubSettings settings;
    private final HubCache cache;

    public DataSets(HubSettings settings) {
        this.settings = settings;
        this.cache = new HubCache(settings.cache());
    }

    /** Which rows of which data set are meant; what is empty need not be said where there is only one. */
    public record Wanted(HubName name, Revision revision, Optional<String> config, Optional<String> split) {
        public Wanted {
            if (name.kind() != HubName.Kind.DATA_SET) throw new IllegalArgumentException(name + " is no data set");
        }
    }

    /**
     * A data set on this machine.
     *
     * @param files by their names in it, in the order of their rows
     */
    public record Here(String commit, SequencedMap<String, Path> files) {}

    public HubSettings settings() {
        return settings;
    }

    /** The files that are meant, where all of them are here. @throws UserError where it is known that there are none */
    public Optional<Here> cached(Wanted wanted) {
        Optional<String> commit = cache.commit(wanted.name(), wanted.revision());
        if (commit.isEmpty()) return Optional.empty();
        Path folder = cache.snapshot(wanted.name(), commit.get());
        Optional<Collection<String>> listed = listed(wanted.name(), commit.get());
        boolean readme = Files.isRegularFile(folder.resolve(README));
        if (!readme && listed.filter(it -> it.contains(README)).isPresent()) return Optional.empty();
        try {
            Here here = here(commit.get(), folder, chosen(wanted, listed.orElseGet(() -> filesIn(folder)), folder));
            boolean whole = here.files().values().stream().allMatch(Files::isRegularFile);
            return whole ? Optional.of(here) : Optional.empty();
        } catch (UserError notThere) {
            // Another program may have brought a part of it.
            if (listed.isPresent() || settings.offline()) throw notThere;
            return Optional.empty();
        }
    }

    private static Here here(String commit, Path folder, List<String> names) {
        SequencedMap<String, Path> files = new LinkedHashMap<>();
        for (String name : names) files.put(name, folder.resolve(name));
        return new Here(commit, files);
    }

    private static List<String> chosen(Wanted wanted, Collection<String> files, Path folder) {
        return DataSetFiles.choose(
                wanted.name().toString(), files, card(folder.resolve(README)), wanted.config(), wanted.split());
    }

    private static DataSetCard card(Path readme) {
        try {
            if (!Files.isRegularFile(readme) || Files.size(readme) > LARGEST_README) return DataSetCard.NONE;
            return DataSetCard.of(new String(Files.readAllBytes(readme), StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            return DataSetCard.NONE;
        }
    }

    private static Collection<String> filesIn(Path folder) {
        TreeSet<String> names = new TreeSet<>();
        if (!Files.isDirectory(folder)) return names;
        try (Stream<Path> files = Files.walk(folder, 10)) {
            files.filter(Files::isRegularFile)
                    .limit(MOST_FILES)
                    .forEach(
                            file -> names.add(folder.relativize(file).toString().replace('\\', '/')));
        } catch (IOException unreadable) {
            return names;
        }
        return names;
    }

    /** Where the names of all files of a commit are noted: those that are here do not tell whether they are all. */
    private Path listing(HubName name, String commit) {
        return cache.repository(name).resolve(".circuitscript").resolve(commit + ".json");
    }

    private Optional<Collection<String>> listed(HubName name, String commit) {
        Path file = listing(name, commit);
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > HubListing.LARGEST) return Optional.empty();
            JsonNode files = new ObjectMapper().readTree(file.toFile()).path("files");
            if (!files.isArray()) return Optional.empty();
            TreeSet<String> names = new TreeSet<>();
            for (JsonNode it : files) if (DataSetFiles.isSafe(it.asText())) names.add(it.asText());
            return Optional.of(names);
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    private void note(HubName name, String commit, Collection<String> files) throws IOException {
        Path target = listing(name, commit);
        if (Files.exists(target)) return;
        ObjectNode tree = new ObjectMapper().createObjectNode();
        ArrayNode names = tree.putArray("files");
        files.forEach(names::add);
        Files.createDirectories(target.getParent());
        Path whole = Files.createTempFile(target.getParent(), ".ref", null);
        try {
            Files.writeString(whole, tree.toString());
            Files.move(whole, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(whole);
        }
    }

    /** Fetches the files that are meant, those that are here left aside. @throws UserError where they are not to be had */
    public Here fetch(Wanted wanted, HubListener listener) {
        if (settings.offline()) throw offline(wanted);
        HubName name = wanted.name();
        HubRefusals refusals = new HubRefusals(settings, name, wanted.revision());
        try (HubClient client = new HubClient(settings, listener)) {
            HubListing listing = HubListing.ask(client, refusals);
            String commit = listing.commit();
            Collection<String> files = listing.files().stream()
                    .filter(DataSetFiles::isSafe)
                    .sorted()
                    .limit(MOST_FILES)
                    .toList();
            FileDownload download = new FileDownload(client, cache, listener, refusals, commit);
            Path folder = cache.snapshot(name, commit);
            if (files.contains(README) && !download.isThere(README)) {
                RemoteFile readme = download.ask(README);
                if (readme.size() <= LARGEST_README) download.bring(readme);
            }
            List<String> chosen = chosen(wanted, files, folder);
            List<RemoteFile> missing = new ArrayList<>();
            for (String file : chosen) {
                listener.check();
                if (!download.isThere(file)) missing.add(plausible(name, download.ask(file)));
            }
            note(name, commit, files);
            long rest = missing.stream().mapToLong(download::rest).sum();
            if (rest > 0)
                listener.say("fetching " + ByteSize.text(rest) + " of " + name + " from " + settings.endpoint()
                        + " into " + settings.cache());
            missing.forEach(download::bring);
            cache.note(name, wanted.revision(), commit);
            listener.check();
            return here(commit, folder, chosen);
        } catch (IOException e) {
            throw DiskFailure.of(settings.cache(), e);
        }
    }

    private static RemoteFile plausible(HubName name, RemoteFile file) {
        if (file.size() <= LARGEST_FILE) return file;
        throw new UserError(
                UserError.Kind.INPUT,
                ErrorCode.HUB_TOO_LARGE,
                file.name() + " of " + name + " would be " + ByteSize.text(file.size()) + ", but data takes files of "
                        + ByteSize.text(LARGEST_FILE) + " at most: it is not fetched",
                List.of(),
                "put the rows that are needed into a file of their own");
    }

    /** That there is no network to be asked, and what is missing without. */
    public UserError offline(Wanted wanted) {
        return new UserError(
                UserError.Kind.UNAVAILABLE,
                ErrorCode.OFFLINE,
                "the data set " + wanted.name() + " is not on this machine, and nothing is fetched offline",
                List.of(
                        cache.commit(wanted.name(), wanted.revision()).isEmpty()
                                ? "the cache " + settings.cache() + " has no revision " + wanted.revision() + " of it"
                                : "the cache lacks a file of it in " + cache.repository(wanted.name())),
                "run without --offline (and without HF_HUB_OFFLINE and HF_DATASETS_OFFLINE) to fetch it, or copy its folder in the cache from another machine");
    }
}
