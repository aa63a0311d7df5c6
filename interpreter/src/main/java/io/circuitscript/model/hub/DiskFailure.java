package io.circuitscript.model.hub;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.List;

/** That the cache takes no more, as opposed to a network that gives no more. */
final class DiskFailure extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Path place;

    DiskFailure(Path place, IOException cause) {
        super(cause.getMessage(), cause);
        this.place = place;
    }

    UserError error() {
        return of(place, (IOException) getCause());
    }

    static UserError of(Path place, IOException cause) {
        String help = "set HF_HOME to another folder for the cache";
        String reason = String.valueOf(cause.getMessage());
        if (reason.contains("No space left") || reason.contains("quota")) return full(place, "");
        if (cause instanceof AccessDeniedException
                || reason.contains("Read-only file system")
                || reason.contains("Permission denied")) {
            return new UserError(
                    UserError.Kind.FAILURE,
                    ErrorCode.CACHE_NOT_WRITABLE,
                    place + " cannot be written to",
                    List.of(),
                    help);
        }
        return new UserError(
                UserError.Kind.FAILURE,
                ErrorCode.CACHE_FAILED,
                "cannot write " + place + ": " + reason,
                List.of(),
                help);
    }

    static UserError full(Path place, String wanted) {
        String message = "there is no space left for " + place + wanted;
        return new UserError(
                UserError.Kind.FAILURE,
                ErrorCode.DISK_FULL,
                message,
                List.of(),
                "make space, or set HF_HOME to another folder for the cache");
    }
}
