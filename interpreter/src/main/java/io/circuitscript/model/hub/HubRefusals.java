package io.circuitscript.model.hub;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.net.http.HttpHeaders;
import java.util.List;

/** What the hub's refusals mean for who asked, and what to do about them. */
record HubRefusals(HubSettings settings, HubName name, Revision revision) {
    private static final String LOG_IN = "set HF_TOKEN to a token of yours, or run 'hf auth login'";

    /** @param file the file that was asked for, or empty where it was the repository */
    UserError of(int status, HttpHeaders headers, String file) {
        String code = headers.firstValue("X-Error-Code").orElse("");
        return switch (code) {
            case "GatedRepo" -> gated();
            case "RevisionNotFound" -> noRevision();
            case "EntryNotFound" -> noFile(file);
            case "RepoNotFound" -> noRepository();
            default -> byStatus(status, headers, file);
        };
    }

    private UserError byStatus(int status, HttpHeaders headers, String file) {
        return switch (status) {
            case 401 -> settings.token().isPresent() ? wrongToken() : noRepository();
            case 403 -> gated();
            case 404 -> file.isEmpty() ? noRepository() : noFile(file);
            case 407 ->
                unavailable(
                        "the proxy asks for a name and a password, which is not supported",
                        "use a proxy without them, or fetch the " + name.kind().word() + " elsewhere");
            default -> {
                String why = headers.firstValue("X-Error-Message")
                        .map(text -> ": " + firstLine(text))
                        .orElse("");
                yield unavailable(settings.endpoint() + " answers with status " + status + why, "try again later");
            }
        };
    }

    private UserError gated() {
        String page = settings.endpoint() + "/" + name.path();
        if (settings.token().isEmpty()) {
            String help = "accept its licence at " + page + ", then " + LOG_IN;
            return new UserError(
                    UserError.Kind.MISSING,
                    ErrorCode.HUB_GATED,
                    name + " is gated: you must agree to its licence before you load it",
                    List.of(),
                    help);
        }
        return new UserError(
                UserError.Kind.MISSING,
                ErrorCode.HUB_GATED,
                name + " is gated, and the account of the token in "
                        + settings.token().get().source() + " has no access to it",
                List.of("a fine-grained token needs the permission to read gated repositories"),
                "accept its licence at " + page + ", and wait until its owner has agreed");
    }

    private UserError wrongToken() {
        String source = settings.token().orElseThrow().source();
        return new UserError(
                UserError.Kind.MISSING,
                ErrorCode.HUB_TOKEN,
                "the hub does not know the token in " + source + ", or does not let it see " + name,
                List.of(),
                "take it away if " + name + " is public; else " + LOG_IN);
    }

    private UserError noRepository() {
        String help = settings.token().isEmpty()
                ? "check the name; if it is private, " + LOG_IN
                : "check the name; if it is private, its owner must let your account see it";
        return UserError.missing(
                name.kind() == HubName.Kind.MODEL ? ErrorCode.MODEL_MISSING : ErrorCode.DATA_SET_MISSING,
                "there is no " + name.kind().word() + " " + name + " at " + settings.endpoint() + ", or it is private",
                help);
    }

    private UserError noRevision() {
        String help = "see the branches and commits at " + settings.endpoint() + "/" + name.path()
                + "/tree/main; the default is main";
        return UserError.missing(ErrorCode.REVISION_MISSING, name + " has no revision " + revision, help);
    }

    private UserError noFile(String file) {
        return UserError.missing(
                ErrorCode.HUB_INCOMPLETE,
                name + " has no " + file + " at revision " + revision,
                "take another revision");
    }

    /** That the network or the hub is not there. */
    static UserError unavailable(String message, String help) {
        return new UserError(UserError.Kind.UNAVAILABLE, ErrorCode.HUB_UNAVAILABLE, message, List.of(), help);
    }

    private static String firstLine(String text) {
        String line = text.lines().findFirst().orElse("").strip();
        return line.length() <= 200 ? line : line.substring(0, 200) + "…";
    }
}
