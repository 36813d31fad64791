import com.itextpdf.forms.PdfAcroForm;
import com.itextpdf.forms.fields.PdfFormField;
import com.itextpdf.kernel.pdf.PdfDocument;
import com.itextpdf.kernel.pdf.PdfReader;
import com.itextpdf.kernel.pdf.PdfWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** Fills a form by iText. Words and output as FillPdfBox has them. */
class FillIText {
  public static void main(String[] words) throws Exception {
    try (PdfDocument pdf = new PdfDocument(new PdfReader(words[0]), new PdfWriter(words[1]))) {
      PdfAcroForm form = PdfAcroForm.getAcroForm(pdf, false);
      form.setNeedAppearances(true);
      for (String line : Files.readAllLines(Path.of(words[2]))) {
        String name = decoded(line.split("\t", -1)[0]);
        try {
          PdfFormField field = form.getField(name);
          field.setValue(decoded(line.split("\t", -1)[1]));
        } catch (RuntimeException error) {
          System.out.println(encoded(name) + "\t" + encoded(String.valueOf(error.getMessage())));
        }
      }
    }
  }

  private static String decoded(String text) {
    return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
