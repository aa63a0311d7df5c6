package io.circuitscript.model.hub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder in the layout of Hugging Face's own client, so that either finds what the other fetched: for each repository {@code blobs} by their
 * hash, {@code refs} from branches and tags to commits, and {@code snapshots} of commits, whose files are links to blobs.
 *
 * @param root the folder of all repositories
 */
public record HubCache(Path root) {
    private static final Pattern SNAPSHOT = Pattern.compile(".*/models--([^/]+)/snapshots/([^/]+)(/[^/]+\\.gguf)?");

    /** A version of a model. @param repository its name on the hub */
    public record Origin(String repository, String commit) {}

    /** What a folder, or a file in it, is a snapshot of; empty where it is none. Names have no two hyphens in a row. */
    public static Optional<Origin> originOf(Path snapshot) {
        Matcher parts = SNAPSHOT.matcher(snapshot.toString());
        return parts.matches()
                ? Optional.of(new Origin(parts.group(1).replace("--", "/"), parts.group(2)))
                : Optional.empty();
    }

    /** The folder of a repository. */
    Path repository(HubName name) {
        return root.resolve(name.folder());
    }

    Path snapshot(HubName name, String commit) {
        return repository(name).resolve("snapshots").resolve(commit);
    }

    Path blob(HubName name, String etag) {
        return repository(name).resolve("blobs").resolve(etag);
    }

    Path lock(HubName name, String etag) {
        return root.resolve(".locks").resolve(name.folder()).resolve(etag + ".lock");
    }

    private Path ref(HubName name, Revision revision) {
        return repository(name).resolve("refs").resolve(revision.text());
    }

    private Path absence(HubName name, String commit, String file) {
        return repository(name).resolve(".no_exist").resolve(commit).resolve(file);
    }

    /** The commit that a revision was when it was last asked for; empty where nobody here has. */
    Optional<String> commit(HubName name, Revision revision) {
        if (revision.isCommit())
            return Optional.of(revision.text()).filter(commit -> Files.isDirectory(snapshot(name, commit)));
        Path ref = ref(name, revision);
        if (!Files.isRegularFile(ref)) return Optional.empty();
        try {
            return Optional.of(new String(Files.readAllBytes(ref), StandardCharsets.UTF_8).strip())
                    .filter(Revision::isCommit);
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** Notes which commit a revision is. */
    void note(HubName name, Revision revision, String commit) throws IOException {
        if (revision.isCommit() || commit(name, revision).filter(commit::equals).isPresent()) return;
        Path ref = ref(name, revision);
        Files.createDirectories(ref.getParent());
        Path whole = Files.createTempFile(root, ".ref", null);
        try {
            Files.writeString(whole, commit);
            Files.move(whole, ref, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(whole);
        }
    }

    /** Notes that a commit has no such file. */
    void noteAbsent(HubName name, String commit, String file) throws IOException {
        Path absence = absence(name, commit, file);
        if (Files.exists(absence)) return;
        Files.createDirectories(absence.getParent());
        try {
            Files.createFile(absence);
        } catch (FileAlreadyExistsException meanwhile) {
            // somebody else has said the same
        }
    }

    /** What is missing in a commit's snapshot to load a model from it. */
    List<String> missing(HubName name, String commit) {
        boolean absent = Files.exists(absence(name, commit, NeededFiles.TOKENIZER_CONFIG));
        return NeededFiles.missing(snapshot(name, commit), !absent);
    }

    /** Puts a blob into a snapshot: as a link, or where there are none as the file itself. */
    void link(HubName name, String commit, String file, String etag) throws IOException {
        Path pointer = snapshot(name, commit).resolve(file);
        Path blob = blob(name, etag);
        if (Files.exists(pointer)) return;
        Files.createDirectories(pointer.getParent());
        Files.deleteIfExists(pointer); // a link whose blob is gone
        try {
            Files.createSymbolicLink(pointer, pointer.getParent().relativize(blob));
        } catch (FileAlreadyExistsException meanwhile) {
            if (!Files.exists(pointer)) throw meanwhile;
        } catch (IOException | UnsupportedOperationException | SecurityException noLinks) {
            Files.move(blob, pointer, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** The repositories that there is something of. */
    List<HubName> repositories() {
        if (!Files.isDirectory(root)) return List.of();
        try (Stream<Path> folders = Files.list(root)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .sorted()
                    .map(HubName::ofFolder)
                    .flatMap(Optional::stream)
                    .toList();
        } catch (IOException unreadable) {
            return List.of();
        }
    }
}
