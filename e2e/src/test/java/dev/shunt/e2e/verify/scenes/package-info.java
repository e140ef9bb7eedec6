@NullMarked
package dev.shunt.e2e.verify.scenes;

import org.jspecify.annotations.NullMarked;
