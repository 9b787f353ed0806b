package ujuzi;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import ujuzi.v1.Services.GetProfileReply;
import ujuzi.v1.Services.GetProfileRequest;
import ujuzi.v1.Services.HasSkillReply;
import ujuzi.v1.Services.HasSkillRequest;
import ujuzi.v1.Services.ReadLogPage;
import ujuzi.v1.Services.ReadLogRequest;
import ujuzi.v1.Services.RecordReply;
import ujuzi.v1.Services.RecordRequest;
import ujuzi.v1.Services.VerifyCredentialReply;
import ujuzi.v1.Services.VerifyCredentialRequest;
import ujuzi.v1.Services.WatchPage;
import ujuzi.v1.Services.WatchRequest;

/**
 * The common questions, with the types of the schema; {@link Channel} has every other, by its name.
 * Calls wait and throw StatusException; those that end in Async give a future instead.
 */
public final class Client extends Channel {
  public Client(List<String> addresses, Settings settings) {
    super(addresses, settings);
  }

  /** What a credential is worth. One that nobody awarded has CREDENTIAL_STATUS_UNKNOWN. */
  public VerifyCredentialReply verifyCredential(
      VerifyCredentialRequest request, CallOptions options) {
    return unary("Registry.VerifyCredential", request, VerifyCredentialReply.parser(), options);
  }

  public CompletableFuture<VerifyCredentialReply> verifyCredentialAsync(
      VerifyCredentialRequest request, CallOptions options) {
    return unaryAsync(
        "Registry.VerifyCredential", request, VerifyCredentialReply.parser(), options);
  }

  /** An officer's profile; without {@code officer} where nobody is registered so. */
  public GetProfileReply getProfile(GetProfileRequest request, CallOptions options) {
    return unary("Registry.GetProfile", request, GetProfileReply.parser(), options);
  }

  public CompletableFuture<GetProfileReply> getProfileAsync(
      GetProfileRequest request, CallOptions options) {
    return unaryAsync("Registry.GetProfile", request, GetProfileReply.parser(), options);
  }

  public HasSkillReply hasSkill(HasSkillRequest request, CallOptions options) {
    return unary("Registry.HasSkill", request, HasSkillReply.parser(), options);
  }

  /**
   * Records proposals. What was recorded is durable when this returns.
   *
   * <p>When the outcome is unknown (UNAVAILABLE or DEADLINE_EXCEEDED without {@code notProcessed}),
   * ask again with the same event ids; {@code withRepeatable} does that by itself while the time
   * lasts. It may then be decided after records that were sent behind it.
   */
  public RecordReply record(RecordRequest request, CallOptions options) {
    return unary("Registrar.Record", request, RecordReply.parser(), options);
  }

  public CompletableFuture<RecordReply> recordAsync(RecordRequest request, CallOptions options) {
    return unaryAsync("Registrar.Record", request, RecordReply.parser(), options);
  }

  /**
   * Records in bulk: each request has its answer, in order, while later ones are sent. When it
   * breaks, those that had no answer may have been recorded: send them again with the same ids.
   */
  public Exchange<RecordRequest, RecordReply> recordMany(CallOptions options) {
    return exchange("Registrar.RecordMany", RecordReply.parser(), options);
  }

  /** The log from a position on; go on after a break from the last page's {@code next}. */
  public Stream<ReadLogPage> readLog(ReadLogRequest request, CallOptions options) {
    return stream("Audit.ReadLog", request, ReadLogPage.parser(), options);
  }

  /**
   * What changes, for as long as the caller stays. After a break set {@code cursor} to that of the
   * last page, or of the last change taken in. It is refused once an older log was put back: begin
   * again.
   */
  public Stream<WatchPage> watch(WatchRequest request, CallOptions options) {
    return stream("Registry.Watch", request, WatchPage.parser(), options);
  }
}
