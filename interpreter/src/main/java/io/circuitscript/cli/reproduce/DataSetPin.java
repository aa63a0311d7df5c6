package io.circuitscript.cli.reproduce;

import io.circuitscript.engine.DownloadProgress;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.io.FileHashes;
import io.circuitscript.model.hub.DataSets;
import io.circuitscript.model.hub.HubSettings;
import io.circuitscript.model.hub.Revision;
import io.circuitscript.runtime.files.FileReads;
import io.circuitscript.runtime.files.Lock;
import java.util.Map;

/** Makes the entry of a lock that fixes a data set: its commit, and the hashes of its files. */
public final class DataSetPin {
    private DataSetPin() {}

    /** What is not here is fetched: only few of the hub's files have a hash of this kind. */
    public static Lock.DataSet of(
            Lock.AskedData asked, FileHashes hashes, RunOptions options, Map<String, String> environment) {
        DataSets sets = new DataSets(HubSettings.ofDataSets(environment));
        var wanted = new DataSets.Wanted(asked.repository(), asked.revision(), asked.config(), asked.split());
        DataSets.Here here = sets.cached(wanted).orElseGet(() -> sets.fetch(wanted, new DownloadProgress(options)));
        return new Lock.DataSet(asked, new Revision(here.commit()), FileReads.hashes(here.files(), hashes));
    }
}
