package dev.shunt.observe.http;

import java.util.Arrays;
import java.util.Set;

/**
 * Tells a part of a path that people made of words from one that a machine made, such as a key, a
 * token or a number. When in doubt a part is none of words: a token in clear is worse than a word
 * that is hidden. Without state.
 */
final class PathWords {
  /** Which letters follow which in words: all but pairs rarer than one of 5,000. From a on. */
  private static final String[] FOLLOWERS = {
    "bcdfgiklmnprstuvwxy",
    "aehijloprstuy",
    "aceghikloprstuvy",
    "adeilmoprstuy",
    "abcdefghilmnpqrstuvwxy",
    "aefilorstuy",
    "aeghinoprsuw",
    "abceiortuy",
    "abcdefglmnoprstvz",
    "aeosv",
    "ceilnosu",
    "adefilopstuy",
    "abeilmopsu",
    "abcdefgiklnoprstuvy",
    "abcdefgijklmnoprstuvwxy",
    "acdefghilnoprstuvy",
    "u",
    "abcdefgiklmnoprstuvy",
    "aceghiklmoprstuwy",
    "acefhilmoprstuvwxy",
    "abcdegilmnoprst",
    "aeimo",
    "aehinors",
    "deimpty",
    "belmnost",
    "aeo",
  };

  /** Words may have one rare pair, and another one for so many letters. */
  private static final int LETTERS_OF_A_RARE_PAIR = 24;

  /** Longer ones would be words that nobody can read. */
  private static final int WORD_MAX = 40;

  private static final int CAPITALS_MAX = 10;
  private static final int NUMBER_MAX = 2;
  private static final int MIXED_MAX = 2;
  private static final int VERSION_RUNS = 4;

  /** Beginnings that issuers of tokens have documented, so that they are found. */
  private static final String[] TOKENS = {
    "AIza",
    "AKIA",
    "ASIA",
    "eyJ",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "pk_live_",
    "pk_test_",
    "rk_live_",
    "rk_test_",
    "sk_live_",
    "sk_test_",
    "whsec_",
    "xoxa-",
    "xoxb-",
    "xoxe-",
    "xoxp-",
    "xoxr-",
    "xoxs-",
    "ya29."
  };

  private static final int TOKEN_MIN = 12;

  /** Words that do not look like some. */
  private static final Set<String> KNOWN =
      Set.of(
          "a11y", "base32", "base64", "graphql", "i18n", "jwks", "k8s", "l10n", "sha256", "sha384",
          "sha512", "svg", "x509");

  private static final int KNOWN_MAX = 7;
  private static final int HEX = 16;
  private static final int HEX_MIN = 8;
  private static final int SHORT_MAX = 3;

  private final String part;
  private int letters;
  private int rarePairs;
  private int mixed;

  private PathWords(String part) {
    this.part = part;
  }

  /**
   * Whether a part of a path, between two slashes, is made of words.
   *
   * @param part not decoded
   */
  static boolean areIn(String part) {
    PathWords words = new PathWords(part);
    return !isToken(part) && !isNumber(part) && !words.areHex(0, part.length()) && words.areWords();
  }

  private static boolean isToken(String part) {
    return part.length() >= TOKEN_MIN && Arrays.stream(TOKENS).anyMatch(part::startsWith);
  }

  /** Digits with signs between them: numbers, versions, dates, UUIDs without letters. */
  private static boolean isNumber(String part) {
    for (int i = 0; i < part.length(); i++) {
      if (!isDigit(part.charAt(i)) && "+-._:".indexOf(part.charAt(i)) < 0) {
        return false;
      }
    }
    return part.chars().anyMatch(PathWords::isDigit);
  }

  private boolean areWords() {
    char style = 0;
    int at = 0;
    while (at < part.length()) {
      char first = part.charAt(at);
      if ("@%=+".indexOf(first) >= 0) {
        return false;
      }
      int end = endOfPiece(at);
      if (end == at) {
        style = first == '.' ? 0 : style;
        at++;
        continue;
      }
      if (!isWord(at, end)) {
        return false;
      }
      char own = style(at, end);
      if (own != 0 && style != 0 && own != style) {
        return false;
      }
      style = own == 0 ? style : own;
      at = end;
    }
    return mixed <= MIXED_MAX && rarePairs <= 1 + letters / LETTERS_OF_A_RARE_PAIR;
  }

  /** Behind the letters and digits that begin there. */
  private int endOfPiece(int at) {
    int end = at;
    while (end < part.length() && (isLetter(part.charAt(end)) || isDigit(part.charAt(end)))) {
      end++;
    }
    return end;
  }

  /** How the words of a name are written: {@code l}ower, {@code C}apitalized, in {@code U}pper. */
  private char style(int from, int to) {
    boolean hasLower = false;
    for (int i = from; i < to; i++) {
      if (!isLetter(part.charAt(i))) {
        return 0;
      }
      hasLower |= isLower(part.charAt(i));
    }
    if (to - from == 1) {
      return 0;
    }
    if (!hasLower) {
      return 'U';
    }
    return isLower(part.charAt(from)) ? 'l' : 'C';
  }

  private boolean isWord(int from, int to) {
    if (to - from <= KNOWN_MAX && KNOWN.contains(part.substring(from, to))) {
      return true;
    }
    if (to - from > WORD_MAX || areHex(from, to)) {
      return false;
    }
    int runs = 0;
    int at = from;
    while (at < to) {
      boolean isNumber = isDigit(part.charAt(at));
      int end = at;
      while (end < to && isDigit(part.charAt(end)) == isNumber) {
        end++;
      }
      runs++;
      if (isNumber ? end - at > NUMBER_MAX : !isReadable(at, end)) {
        return isSize(from, to);
      }
      at = end;
    }
    if (runs > 1) {
      mixed++;
    }
    return runs <= 2 || to - from <= SHORT_MAX || (runs <= VERSION_RUNS && isVersion(from));
  }

  /** Hexadecimal digits; words that have no other letters have no digit. */
  private boolean areHex(int from, int to) {
    boolean hasDigit = false;
    for (int i = from; i < to; i++) {
      char digit = part.charAt(i);
      if (Character.digit(digit, HEX) < 0 && digit != '-') {
        return false;
      }
      hasDigit |= isDigit(digit);
    }
    return hasDigit && to - from >= HEX_MIN;
  }

  /** As {@code v1beta2}. */
  private boolean isVersion(int from) {
    return part.charAt(from) == 'v' && from + 1 < part.length() && isDigit(part.charAt(from + 1));
  }

  /** As {@code 180x180}. */
  private boolean isSize(int from, int to) {
    int sign = part.indexOf('x', from);
    if (sign <= from || sign >= to - 1 || to - from > "1234x1234".length()) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (i != sign && !isDigit(part.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /** Letters that can be words; what is rare in them is counted. */
  private boolean isReadable(int from, int to) {
    letters += to - from;
    int capitals = 0;
    int humps = 1;
    int single = 0;
    int begin = from;
    for (int i = from; i < to; i++) {
      char letter = part.charAt(i);
      capitals += isLower(letter) ? 0 : 1;
      if (i > from && beginsHump(i, to)) {
        humps++;
        single += i - begin == 1 ? 1 : 0;
        begin = i;
      } else if (i > from && isRare(part.charAt(i - 1), letter)) {
        rarePairs++;
      }
    }
    single += to - begin == 1 ? 1 : 0;
    if (capitals == to - from) {
      return capitals <= CAPITALS_MAX;
    }
    // words within a name have 2.5 letters and more, on average
    return humps == 1 || (single <= 1 && humps * 5 <= (to - from) * 2);
  }

  /** Of names such as {@code getURLForItem}. */
  private boolean beginsHump(int at, int to) {
    if (isLower(part.charAt(at))) {
      return false;
    }
    return isLower(part.charAt(at - 1)) || (at + 1 < to && isLower(part.charAt(at + 1)));
  }

  private static boolean isRare(char one, char next) {
    return FOLLOWERS[lower(one) - 'a'].indexOf(lower(next)) < 0;
  }

  private static char lower(char letter) {
    return (char) (letter | 0x20);
  }

  private static boolean isLower(char letter) {
    return letter >= 'a' && letter <= 'z';
  }

  private static boolean isLetter(char letter) {
    return lower(letter) >= 'a' && lower(letter) <= 'z';
  }

  private static boolean isDigit(int letter) {
    return letter >= '0' && letter <= '9';
  }
}
