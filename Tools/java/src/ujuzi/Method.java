package ujuzi;

import com.google.protobuf.DescriptorProtos.MethodOptions;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import ujuzi.v1.Options;
import ujuzi.v1.Services;

/**
 * A method, read from the schema: its number stands there and nowhere else.
 *
 * @param reads it changes nothing, so that it may be asked twice
 */
public record Method(
    String name, int number, int revision, Shape shape, String request, boolean reads) {
  /** How a method is called. */
  public enum Shape { UNARY, STREAM, EXCHANGE }

  /** All others only read. */
  private static final Set<String> WRITES = Set.of("Registrar.Record", "Registrar.RecordMany");

  private static final ConcurrentHashMap<String, Method> FOUND = new ConcurrentHashMap<>();

  /**
   * The method called {@code Service.Method}, such as {@code Registry.GetProfile}.
   *
   * @throws IllegalArgumentException where the schema has none
   */
  public static Method of(String name) {
    return FOUND.computeIfAbsent(name, Method::read);
  }

  private static Method read(String name) {
    String[] parts = name.split("\\.", 2);
    ServiceDescriptor service = Services.getDescriptor().findServiceByName(parts[0]);
    MethodDescriptor found =
        service == null || parts.length < 2 ? null : service.findMethodByName(parts[1]);
    if (found == null) {
      throw new IllegalArgumentException("the schema has no method " + name);
    }
    MethodOptions options = options(found);
    Shape shape =
        switch (options.getExtension(Options.shape)) {
          case "stream" -> Shape.STREAM;
          case "exchange" -> Shape.EXCHANGE;
          default -> Shape.UNARY;
        };
    return new Method(
        name,
        options.getExtension(Options.number),
        Math.max(options.getExtension(Options.revision), 1),
        shape,
        found.getInputType().getFullName(),
        !WRITES.contains(name));
  }

  private static MethodOptions options(MethodDescriptor found) {
    ExtensionRegistry known = ExtensionRegistry.newInstance();
    Options.registerAllExtensions(known);
    try {
      return MethodOptions.parseFrom(found.getOptions().toByteString(), known);
    } catch (InvalidProtocolBufferException error) {
      throw new IllegalStateException(error);
    }
  }

  void check(Shape asked, Message message) {
    if (shape != asked) {
      throw new IllegalArgumentException(name + " is called as " + shape);
    }
    if (message != null && !message.getDescriptorForType().getFullName().equals(request)) {
      throw new IllegalArgumentException(name + " takes a " + request);
    }
  }
}
