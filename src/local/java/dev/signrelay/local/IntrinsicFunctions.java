package dev.signrelay.local;

import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads the YAML tags of intrinsic functions, such as {@code !Ref}, as their long forms. */
final class IntrinsicFunctions extends SafeConstructor {

  IntrinsicFunctions(LoaderOptions options) {
    super(options);
    yamlMultiConstructors.put(
        "!",
        new AbstractConstruct() {
          @Override
          public Object construct(Node node) {
            String tag = node.getTag().getValue().substring(1);
            String name = tag.equals("Ref") ? tag : "Fn::" + tag;
            Object argument =
                switch (node) {
                  case ScalarNode scalar -> constructScalar(scalar);
                  case SequenceNode sequence -> constructSequence(sequence);
                  default ->
                      throw new IllegalArgumentException(
                          "unsupported argument of an intrinsic function: " + node);
                };
            return Map.of(name, argument);
          }
        });
  }
}
