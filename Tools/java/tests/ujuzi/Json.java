package ujuzi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** As much JSON as the vectors use: objects, lists, strings, whole numbers, true and false. */
final class Json {
  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  static Object parse(String text) {
    Json json = new Json(text);
    Object value = json.value();
    json.skip();
    Check.that(json.at == text.length(), "more than one value");
    return value;
  }

  private Object value() {
    skip();
    char first = text.charAt(at);
    return switch (first) {
      case '{' -> object();
      case '[' -> list();
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      default -> number();
    };
  }

  private Map<String, Object> object() {
    Map<String, Object> fields = new LinkedHashMap<>();
    at += 1;
    while (!took('}')) {
      skip();
      String name = string();
      Check.that(took(':'), "a colon at " + at);
      Check.that(fields.put(name, value()) == null, name + " stands twice");
      took(',');
    }
    return fields;
  }

  private List<Object> list() {
    List<Object> values = new ArrayList<>();
    at += 1;
    while (!took(']')) {
      values.add(value());
      took(',');
    }
    return values;
  }

  private String string() {
    Check.that(text.charAt(at) == '"', "a string at " + at);
    StringBuilder string = new StringBuilder();
    for (at += 1; text.charAt(at) != '"'; at++) {
      char letter = text.charAt(at);
      if (letter == '\\') {
        at += 1;
        letter = text.charAt(at);
        Check.that(letter == '"' || letter == '\\' || letter == '/', "the escape " + letter);
      }
      string.append(letter);
    }
    at += 1;
    return string.toString();
  }

  private Long number() {
    int begin = at;
    while (at < text.length() && "-0123456789".indexOf(text.charAt(at)) >= 0) {
      at += 1;
    }
    return Long.valueOf(text.substring(begin, at));
  }

  private Boolean word(String word, boolean value) {
    Check.that(text.startsWith(word, at), word + " at " + at);
    at += word.length();
    return value;
  }

  private boolean took(char letter) {
    skip();
    boolean is = text.charAt(at) == letter;
    at += is ? 1 : 0;
    return is;
  }

  private void skip() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at += 1;
    }
  }
}
