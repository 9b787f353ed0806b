import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import ujuzi.CallOptions;
import ujuzi.Client;
import ujuzi.Settings;
import ujuzi.StatusException;
import ujuzi.TLS;
import ujuzi.v1.Events.SchemeValue;
import ujuzi.v1.Services.CertificateNumber;
import ujuzi.v1.Services.CredentialLine;
import ujuzi.v1.Services.CredentialStatus;
import ujuzi.v1.Services.GetProfileReply;
import ujuzi.v1.Services.GetProfileRequest;
import ujuzi.v1.Services.HolderMatch;
import ujuzi.v1.Services.SkillLine;
import ujuzi.v1.Services.VerifyCredentialReply;
import ujuzi.v1.Services.VerifyCredentialRequest;
import com.google.protobuf.ByteString;

/**
 * What an agency's backend does with the registry: is this certificate good, and whose is it?
 *
 * <pre>
 *   Verify 127.0.0.1:7601 heta HETA/2022/0001 pn:2022-000001
 *   Verify one:7601,two:7601 heta HETA/2022/0001 pn:2022-000001 ca.pem me.pem me.key
 * </pre>
 *
 * The outcome is {@code valid} (exit status 0) only where the certificate stands, what it rests on
 * stands and it is the presenter's; {@code not_valid} (1) with its causes; {@code no_answer} (2)
 * when nobody could say.
 */
public final class Verify {
  public static void main(String[] words) throws Exception {
    if (words.length != 4 && words.length != 7) {
      System.err.println("Verify SERVERS ISSUER NUMBER SCHEME:VALUE [CA CERTIFICATE KEY]");
      System.exit(2);
    }
    Settings settings = Settings.USUAL.withName("example");
    if (words.length == 7) {
      settings =
          settings.withTLS(TLS.of(Path.of(words[4]), Path.of(words[5]), Path.of(words[6])), null);
    }
    // One client serves the whole program and all its threads: it keeps a connection, and finds
    // another when it breaks.
    int status;
    try (Client client = new Client(List.of(words[0].split(",")), settings)) {
      status = ask(client, words[1], words[2], words[3]);
    }
    System.exit(status);
  }

  private static int ask(Client client, String issuer, String number, String who) {
    String[] parts = who.split(":", 2);
    SchemeValue holder =
        SchemeValue.newBuilder()
            .setScheme(ByteString.copyFromUtf8(parts[0]))
            .setValue(parts[1])
            .build();
    // For everything: connecting, asking, and asking again where that is safe.
    CallOptions options = CallOptions.within(Duration.ofSeconds(5));
    try {
      VerifyCredentialReply reply =
          client.verifyCredential(
              VerifyCredentialRequest.newBuilder()
                  .setCertificate(
                      CertificateNumber.newBuilder()
                          .setIssuer(ByteString.copyFromUtf8(issuer))
                          .setNumber(number))
                  .setHolder(holder)
                  .build(),
              options);
      // A credential that nobody awarded is an answer, not an error.
      List<String> why = causes(reply);
      System.out.println(
          number + " " + (why.isEmpty() ? "valid" : "not_valid: " + String.join(", ", why)));

      GetProfileReply profile =
          client.getProfile(GetProfileRequest.newBuilder().setIdentifier(holder).build(), options);
      // Nor is somebody whom nobody registered.
      if (profile.getOfficer().isEmpty()) {
        System.out.println("nobody is registered under " + who);
        return 1;
      }
      for (SkillLine skill : profile.getSkillsList()) {
        System.out.println(
            "skill " + skill.getFramework().toStringUtf8() + " " + skill.getSkill().toStringUtf8());
      }
      for (CredentialLine credential : profile.getCredentialsList()) {
        String from = credential.getIssuer().toStringUtf8();
        System.out.println("credential " + credential.getNumber() + " from " + from);
      }
      return why.isEmpty() ? 0 : 1;
    } catch (StatusException error) {
      // Everything that may be asked again was: what is left is for a person, or for later.
      System.err.println(
          "no_answer: " + noAnswer(error) + ": " + error.getMessage() + " " + error.field + " "
              + error.rule);
      return 2;
    }
  }

  /** Why a certificate is not to be relied on; nothing where it is. */
  private static List<String> causes(VerifyCredentialReply reply) {
    List<String> found = new ArrayList<>();
    if (reply.getStatus() != CredentialStatus.CREDENTIAL_STATUS_VALID) {
      found.add(reply.getStatus().name().substring("CREDENTIAL_STATUS_".length()).toLowerCase());
    }
    // A status alone admits whoever brings another's paper.
    if (reply.getHolderMatches() == HolderMatch.HOLDER_MATCH_NO) {
      found.add("holder_differs");
    }
    if (reply.getHolderVoided()) {
      found.add("holder_voided");
    }
    if (reply.getEvidenceWithdrawn()) {
      found.add("evidence_withdrawn");
    }
    return found;
  }

  /** Why nobody could say. */
  private static String noAnswer(StatusException error) {
    return switch (error.code) {
      case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED -> "not_reached";
      case INVALID_ARGUMENT -> "malformed";
      case UNKNOWN, INTERNAL, DATA_LOSS -> "failed";
      default -> "refused";
    };
  }
}
