package io.circuitscript.model.hub;

import io.circuitscript.io.FileHashes;
import io.circuitscript.model.JsonFile;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Hugging Face's hub, and its cache on this machine. What the cache has is taken as it is, and no network is asked. */
public final class Hub {
    private final HubSettings settings;
    private final HubCache cache;

    public Hub(HubSettings settings) {
        this.settings = settings;
        this.cache = new HubCache(settings.cache());
    }

    /** A version of a model on this machine. */
    public record Snapshot(Path folder, String commit) {}

    public HubSettings settings() {
        return settings;
    }

    /** The folder of a model that is here with all that it is loaded from. */
    public Optional<Snapshot> cached(HubName name, Revision revision) {
        return cache.commit(name, revision)
                .filter(commit -> cache.missing(name, commit).isEmpty())
                .map(commit -> new Snapshot(cache.snapshot(name, commit), commit));
    }

    /** The folder that has a model's configuration, where that is here; its weights may not be. */
    public Optional<Path> cachedConfiguration(HubName name, Revision revision) {
        return cache.commit(name, revision)
                .map(commit -> cache.snapshot(name, commit))
                .filter(folder -> Files.isRegularFile(folder.resolve(NeededFiles.CONFIG)));
    }

    /** The models that are here at some revision, with all that they are loaded from. */
    public List<HubName> here() {
        return cache.repositories().stream()
                .filter(name -> name.kind() == HubName.Kind.MODEL)
                .filter(name -> cached(name, Revision.MAIN).isPresent())
                .toList();
    }

    /** That there is no network to be asked, and what is missing without. */
    public UserError offline(HubName name, Revision revision) {
        List<String> notes = new ArrayList<>();
        Optional<String> commit = cache.commit(name, revision);
        notes.add(
                commit.isEmpty()
                        ? "the cache " + settings.cache() + " has no revision " + revision + " of it"
                        : "the cache lacks " + String.join(", ", cache.missing(name, commit.get())) + " in "
                                + cache.snapshot(name, commit.get()));
        String help =
                "run without --offline (and without HF_HUB_OFFLINE) to fetch it, or copy its folder in the cache from another machine";
        return new UserError(
                UserError.Kind.UNAVAILABLE,
                ErrorCode.OFFLINE,
                name + " is not on this machine, and nothing is fetched offline",
                notes,
                help);
    }

    /** A model that is being fetched: its small files are here, its weights are still to come. Close it. */
    public final class Fetching implements AutoCloseable {
        private final HubClient client;
        private final HubListener listener;
        private final HubName name;
        private final Revision revision;
        private final String commit;
        private final FileDownload download;
        private final List<RemoteFile> weights = new ArrayList<>();

        private Fetching(HubName name, Revision revision, HubListener listener) {
            this.name = name;
            this.revision = revision;
            this.listener = listener;
            HubRefusals refusals = new HubRefusals(settings, name, revision);
            client = new HubClient(settings, listener);
            try {
                HubListing listing = HubListing.ask(client, refusals);
                commit = listing.commit();
                download = new FileDownload(client, cache, listener, refusals, commit);
                for (String file : NeededFiles.first(name, listing.files())) bring(file);
                if (!listing.files().contains(NeededFiles.TOKENIZER_CONFIG))
                    cache.noteAbsent(name, commit, NeededFiles.TOKENIZER_CONFIG);
                for (String file : NeededFiles.weights(name, listing.files(), folder())) {
                    if (!download.isThere(file)) weights.add(download.ask(file));
                }
            } catch (IOException e) {
                client.close();
                throw DiskFailure.of(settings.cache(), e);
            } catch (RuntimeException | Error e) {
                client.close();
                throw e;
            }
        }

        private void bring(String file) {
            if (download.isThere(file)) return;
            RemoteFile there = download.ask(file);
            if (there.size() > JsonFile.MOST_BYTES) throw tooLarge(there);
            download.bring(there);
        }

        /** Where the model will be; its configuration is there already. */
        public Path folder() {
            return cache.snapshot(name, commit);
        }

        private UserError tooLarge(RemoteFile file) {
            return new UserError(
                    UserError.Kind.INPUT,
                    ErrorCode.HUB_TOO_LARGE,
                    file.name() + " of " + name + " would be " + ByteSize.text(file.size()) + ", but such a file has "
                            + ByteSize.text(JsonFile.MOST_BYTES) + " at most: it is not fetched",
                    List.of(),
                    "take another revision of the model, or another model");
        }

        /** What the files of the weights that are not here are to have, by what the hub says. */
        public long announced() {
            return weights.stream().mapToLong(RemoteFile::size).sum();
        }

        /** How many bytes are still to come. */
        public long rest() {
            return weights.stream().mapToLong(download::rest).sum();
        }

        public String commit() {
            return commit;
        }

        /** The SHA-256 of the weights that are still to come, by the name of the file; fetched where the hub says none. */
        public Map<String, String> weightHashes() {
            Map<String, String> hashes = new TreeMap<>();
            for (RemoteFile file : weights) {
                if (ContentHash.of(file.etag()) == ContentHash.SHA_256) {
                    hashes.put(file.name(), file.etag().toLowerCase(Locale.ROOT));
                } else {
                    download.bring(file);
                    hashes.put(file.name(), new FileHashes().of(folder().resolve(file.name())));
                }
            }
            return hashes;
        }

        /** Fetches the weights. */
        public Snapshot finish() {
            tidy();
            weights.forEach(download::bring);
            try {
                cache.note(name, revision, commit);
            } catch (IOException e) {
                throw DiskFailure.of(settings.cache(), e);
            }
            listener.check();
            return new Snapshot(folder(), commit);
        }

        private void tidy() {
            Set<String> wanted = weights.stream().map(RemoteFile::etag).collect(Collectors.toSet());
            long removed = new UnfinishedDownloads(cache, Instant.now()).remove(wanted);
            if (removed == 0) return;
            listener.say("removed " + ByteSize.text(removed) + " of old unfinished downloads from " + settings.cache());
        }

        @Override
        public void close() {
            client.close();
        }
    }

    /** Asks the hub for a model and fetches its small files. @throws UserError where it is not to be had */
    public Fetching fetch(HubName name, Revision revision, HubListener listener) {
        if (settings.offline()) throw offline(name, revision);
        return new Fetching(name, revision, listener);
    }
}
