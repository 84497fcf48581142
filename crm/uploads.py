"""Forms that take a file."""

from django import forms
from django.utils.translation import gettext_lazy as _

MOST_MEGABYTES = 50


class PurchasesForm(forms.Form):
    """A CSV file of purchases, first on trial."""

    file = forms.FileField(
        label=_("CSV file"), widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"})
    )
    dry_run = forms.BooleanField(label=_("Only try: write nothing"), required=False, initial=True)

    def clean_file(self) -> object:
        """Not more than a page should read while somebody waits."""
        file = self.cleaned_data["file"]
        if file.size > MOST_MEGABYTES * 1024 * 1024:
            raise forms.ValidationError(
                _("The file is larger than %(most)d MB: import it by the command."),
                params={"most": MOST_MEGABYTES},
            )
        return file
