import java.nio.file.Path;
import java.time.Duration;
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
 * The exit status is 0 when the certificate is valid, 1 when it is not, 2 when nobody could say.
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
      System.out.println(number + " " + reply.getStatus());
      System.out.println(
          "holder matches: " + (reply.getHolderMatches() == HolderMatch.HOLDER_MATCH_YES));

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
      return reply.getStatus() == CredentialStatus.CREDENTIAL_STATUS_VALID ? 0 : 1;
    } catch (StatusException error) {
      // Everything that may be asked again was: what is left is for a person, or for later.
      System.err.println("no answer: " + error.getMessage() + " " + error.field + " " + error.rule);
      return 2;
    }
  }
}
