package dev.shunt.cluster.identity;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What the API server says of tokens and rights. Any thread; blocks for the answer. */
public interface Reviews {
  /**
   * Whose token it is.
   *
   * @param audience that it must be for
   * @throws IOException the API server did not answer; the message does not show the token
   */
  Review token(String token, String audience) throws IOException;

  /**
   * Whether somebody may.
   *
   * @throws IOException the API server did not answer
   */
  boolean mayGetStatistics(User user) throws IOException;

  /** The answer about a token. */
  sealed interface Review {
    /** Valid, and for the audience. */
    record Valid(User user) implements Review {}

    /** Not valid; the API server's words, which do not show the token. */
    record Invalid(String cause) implements Review {}
  }

  /**
   * Who somebody is, as the API server knows them.
   *
   * @param name such as {@code system:serviceaccount:shunt:shunt-node}
   * @param uid of the user; may be empty
   * @param groups of the user
   * @param extra further facts, such as the node of the pod that a token is bound to
   */
  record User(String name, String uid, List<String> groups, Map<String, List<String>> extra) {
    /** Copies the collections. */
    public User {
      groups = List.copyOf(groups);
      extra = Map.copyOf(extra);
    }
  }
}
