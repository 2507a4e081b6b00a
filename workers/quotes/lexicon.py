"""The closed lists of words by which quotations are recognised; verbs of saying are in `cues`.

Lists whose name says FOLDED hold words as `cues.fold` leaves them, the others words as written
without diacritics.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Both a verb of saying and a common other word: «بين» is also «between», «رد» an answer.
AMBIGUOUS = _words(
    """
    بين رد عد علق عبر مضى مضت يمضي ختم عقب شرح أبرز ابرز أبرزت ابرزت يبرز تبرز سجل سجلت يسجل تسجل
    زاد زادت يزيد تزيد واصل واصلت يواصل أكمل أكملت اكمل اكملت استأنف استكمل
    """
)
# «اكتفى بالقول إن»: what another verb does by saying.
SAYING_NOUNS = _words("بالقول بقوله بقولها")
_PARTICLE_STEMS = ("أن", "إن", "ان", "بأن", "بان", "بإن")
_PARTICLE_SUFFIXES = ("", "ه", "ها", "هم", "هما", "هن", "نا", "ني", "ك", "كم")
PARTICLES = frozenset(s + e for s in _PARTICLE_STEMS for e in _PARTICLE_SUFFIXES) | _words(
    "إنني أنني إننا أننا إني"
)
# After these أن belongs to a phrase of its own: بعد أن، إلا أن.
OTHER_CLAUSE = _words(
    "بعد قبل منذ إلا الا كيف دون رغم بدون كما غير بيد حتى حيث إذ شأن سبق بشرط شرط يجب يمكن ينبغي"
    " خاصة خصوصا لاسيما سيما علما في"
    " يتمنى تتمنى يتمنون يريد تريد يريدون يأمل تأمل يستطيع يحاول"
)
# What stands in marks after one of these is its name.
NAMING_FOLDED = _words(
    """
    فيلم كتاب مسلسل روايه اغنيه برنامج مسرحيه عنوان بعنوان شعار وسم هاشتاغ هاشتاق حمله مبادره
    مشروع تنظيم جماعه حركه صحيفه قناه شبكه موقع مجله باسم اسم عمليه مصطلح لقب كلمه عباره البوم
    مهرجان جائزه جايزه معرض موسسه شركه تحالف كتايب تطبيق لعبه اذاعه جريده فرقه منصه فيديو كتيبه
    """
)
# The reporter speaks again: these anywhere, the next after a comma, pairs after a comma.
RESUMPTIONS = _words("فيما بينما")
RESUMPTIONS_AFTER_COMMA = _words("وذلك وسط ردا رداً تعليقا تعليقاً")
RESUMPTIONS_OF_TWO = {
    "في": _words(
        "إشارة حين تصريح تصريحات حديث مقابلة بيان تغريدة كلمة وقت خطوة بادرة محاولة أول رد"
    ),
    "على": _words("حد ما هامش"),
    "من": _words("جهته جهتها جانبه جانبها"),
    "وفي": _words("إشارة حين"),
}
RESUMPTIONS_OF_TWO_AFTER_COMMA = {
    "جاء": _words("ذلك هذا"),
    "وجاء": _words("ذلك هذا"),
    "جاءت": _words("هذه"),
    "وجاءت": _words("هذه"),
    "قبل": _words("أن ان"),
    "يذكر": _words("أن ان"),
    "ويذكر": _words("أن ان"),
    "يشار": _words("إلى الى"),
    "في": _words("المقابل"),
    "وفي": _words("المقابل"),
}
# «دون أن يحدد موعدا»: what the speaker withholds, his verb without its first letter.
WITHOUT = _words("دون بدون")
WITHHELD_FOLDED = _words(
    "حدد كشف وضح ذكر سمي سميه سميها عطي عط خوض خض شير شر فصح ورد بين قدم تطرق فصل دلي علق"
)
WITHHOLDINGS = _words("تحديد ذكر الكشف كشف توضيح إعطاء الخوض تسمية مزيد الإشارة تقديم الإفصاح")
# «، خلال لقائه وفدا» tells the occasion, «، خلال العام المقبل» goes on.
OCCASIONS = _words("خلال عقب بعد أثناء قبيل قبل")
MEETINGS_FOLDED = _words(
    """
    لقا لقاء لقاي اجتماع اجتماعات موتمر مقابله مقابلت كلمه كلمت حديث جلسه جلست زياره زيارت استقبال
    اتصال مشاركه مشاركت تروس افتتاح حضور جوله جولت ندوه فعاليه حوار تصريح مباحثات محادثات تفقد وصول
    خطاب مداخله مداخلت
    """
)
# «، لكن المعارضة نفت ذلك»: another subject and its verb.
CONTRASTS = _words("لكن ولكن غير إلا الا بيد")
# Verbs (he) by which others take part in the story: with و and a subject they end a clause.
REACTIONS_FOLDED = _words(
    """
    نفي نفت رفض رحب انتقد رد ردت اشاد ادان دان استنكر ندد طالب دعا دعت اتهم وافق اعلن قال اكد اضاف
    التقي التقت استقبل زار زارت غادر اختتم حذر هدد تعهد طلب شكر هنا ناشد شدد اعرب ايد عارض احتج
    اعترض استبعد جدد وصف علق توعد نقل ذكر قرر
    """
)
# «، مشيدا بدور البنك»: the reporter tells what else the speaker did.
REPORTER_PARTICIPLES_FOLDED = _words(
    """
    مشيدا رافضا مستشهدا معربا متعهدا داعيا مطالبا مستنكرا منددا محذرا مؤكدا موكدا موضحا مشددا لافتا
    متهما واصفا متمنيا مجددا مبديا مثمنا منوها مرحبا مبررا معلنا مهددا متوعدا ناصحا معلقا متسائلا
    متسايلا منتقدا مشيرا مضيفا قايلا قائلا كاشفا نافيا مستبعدا متوقعا مذكرا مطمينا ملمحا ملوحا شاكرا
    مهنيا معترفا متطرقا مستعرضا مقرا مشككا موجها مبرزا مكتفيا مستغربا مستهجنا منبها محملا معتبرا
    مقترحا مكررا معبرا متحدثا معزيا مترحما ملتمسا مباركا مستدركا مردفا مستطردا متحديا مفندا مناشدا
    حاثا متفاخرا ساخرا مازحا محتجا شارحا مفسرا مدافعا مستذكرا مستحضرا ملخصا متمسكا مستندا
    مشيده رافضه مستشهده معربه متعهده داعيه مطالبه مستنكره منده محذره موكده موضحه مشدده لافته متهمه
    واصفه متمنيه مجدده مبديه مثمنه منوهه مرحبه معلنه مهدده متوعده منتقده مشيره مضيفه قايله كاشفه
    نافيه مستبعده متوقعه مذكره ملمحه شاكره معترفه موجهه مبرزه مكتفيه مستغربه مستهجنه منبهه محمله
    معتبره مقترحه معبره متحدثه مناشده شارحه مبرره مستعرضه متطرقه مستنده ساخره
    """
)
# With و these begin the reporter's next sentence even where no stop stands before them.
NEXT_VERBS_FOLDED = _words("قال اضاف تابع اكد شدد اوضح اشار لفت صرح اردف استطرد نوه ختم اختتم ذكر")
# These take their clause with ب: «اتهمه بأنه».
VERBS_WITH_BA_FOLDED = _words("اتهم وصف هدد")
# These announce marked words, but no clause with أن.
VERBS_OF_MARKS_FOLDED = _words("عبر اعرب رحب اثني ندد استنكر انتقد برر فسر اسف ابدي")
# These announce a clause with أن alone: «سجل هدفا: …» says nothing.
VERBS_OF_CLAUSES_FOLDED = _words("ابرز سجل توصل استنتج")
# These announce what follows a colon: «وزاد: …».
VERBS_OF_COLONS_FOLDED = _words("زاد واصل اكمل استكمل استانف")
# These take their clause with إلى: «خلصت إلى أن», not «يخلص الشركة من عبء».
VERBS_WITH_TO_FOLDED = _words("خلص توصل")
CONCLUSIONS_FOLDED = _words("استنتاج نتيجه قناعه خلاصه")
# What is not said is no quotation.
DENIALS = _words("لا لم لن ولا ولم ولن")
NEGATIONS = _words("ليس ليست غير يكن")
# Their object may stand where the subject would: «واتهمت روسيا أوكرانيا».
VERBS_WITH_OBJECT_FOLDED = _words("وصف اتهم ابلغ اخبر انتقد سال خاطب ناشد طالب نصح حث")
# What a source may do in «كما أعلنت النيابة»، «حسبما أوردت الوكالة».
REPORTING_FOLDED = _words("ذكر افاد اعلن قال نقل اورد اكد اوضح كشف اضاف بين صرح اشار روي")
# «كما ورد في التقرير»: it stood there, and nobody answered.
CAME_IN = _words("ورد وردت")
BEFORE_CAME_IN = _words("ما لما كما كيف التي الذي")
PUBLISHING_FOLDED = _words("نشر بث ورد جاء اظهر تناقل تداول دون ينقل رصد تلق حصل")
# «وأضاف» right after the words of a source goes on with them.
CONTINUING_FOLDED = _words("اضاف تابع اردف استطرد زاد واصل اكمل اوضح بين ختم اختتم")
# «سائلين المولى أن»: a prayer.
PRAYED_TO = _words("الله المولى العلي")
AS = _words("كما وكما حسبما وحسبما مثلما بحسبما")
# «على حد قول فلان»، «على حد تعبيره».
SAYINGS = _words("قول قوله قولها قولهم تعبير تعبيره تعبيرها تعبيرهم وصفه وصفها وصف زعمه زعم")
# «يذكر أن» and «يشار إلى أن» open a background paragraph of the reporter's own.
FILLERS = _words(
    "يذكر ويذكر يشار ويشار يتوقع ويتوقع يعتقد ويعتقد يلاحظ ويلاحظ تبين وتبين يتبين ويتبين"
)
FILLER_STARTS = _words("أن ان بأن بان أنه أنها بأنه بأنها إلى الى هنا بعد من")
# After «بحسب» one of these, or a name, makes it an attribution: «حسب الحاجة» is none.
SOURCES_FOLDED = _words(
    """
    تقرير تقارير بيان بلاغ مصدر مصادر مسوول مسوولين مسوولون مسيول مسيولين مسيولون وكاله صحيفه
    صحيفتي شرطه مراسل مراسلنا شهود دراسه موقع قناه وسايل وزاره رييس رويترز ناشطين نشطاء بيانات
    احصاءات احصاييات تصريحات خبراء محللين لايحه متحدث منظمه منظمات مركز معهد هييه مجله شركه وزير
    مدير راديو تلفزيون اخر استطلاع مذكره قول تعبير قوله قولها قولهم تعبيره تعبيرها وصفه وصفها
    زعمه السلطات المرصد الشرطه الجيش الوكاله الصحيفه المصدر المصادر التقرير البيان البيت الموقع
    المتحدث الوزاره الحكومه تقديرات
    """
)
# Between a source and its content: «بحسب المرصد، ومقره لندن، قتل …».
ASIDES = _words("التي الذي الذين ومقره ومقرها وهو وهي ونقلته ونشرته")
CLAUSE_OPENERS = _words("فإن فان فقد فإنه فإنها أن إن")

PREPOSITIONS = _words(
    """
    في من على إلى الى عن مع بعد قبل خلال عقب حول أثناء لدى ضد بشأن منذ عبر عند بين ردا رداً إثر
    حيال بخصوص تعليقا تعليقاً لدن وفي ومن وعلى وعن بأن أن إن ان بمناسبة أمام ضمن حيث الذي التي
    الذين وهو وهي إنه عما ما
    """
)
# Whom something is told: «وقال لصحيفة "الساحل" إن».
ADDRESSEES = _words(
    """
    ل لصحيفة لوكالة لقناة لشبكة لموقع لإذاعة لبي لفرانس لرويترز لجريدة لمجلة لبرنامج لتلفزيون
    للصحفيين للصحافيين للصحافة للتلفزيون للإعلاميين للأعضاء للحاضرين للنواب
    """
)
PREPOSITIONS |= ADDRESSEES
# «فرد عليه سمير», «وقالت لهم ليلى»: these stand between a verb and its subject.
PREPOSITIONS_WITH_PRONOUN = _words(
    """
    عليه عليها عليهم علي علينا له لها لهم لي لنا إليه إليها إليهم اليه اليها به بها بهم عنه عنها
    عنهم فيه فيها منه منها منهم معه معها معهم
    """
)
# «نقل عن سمير تأكيده أن»: the noun of saying is none of his name.
SAYINGS_OF_HIS = _words(
    """
    قوله قولها قولهم تأكيده تأكيدها تاكيده تاكيدها إعلانه إعلانها إشارته إشارتها وصفه وصفها تحذيره
    تحذيرها نفيه نفيها
    """
)
# «واختتم حديثه سمير»: the speaker's own words.
OWN_WORDS = _words(
    """
    حديثه حديثها كلامه كلامها تصريحه تصريحها تصريحاته تصريحاتها مداخلته مداخلتها خطابه خطابها كلمته
    كلمتها بيانه بيانها رسالته رسالتها تغريدته تغريدتها منشوره منشورها
    """
)
# «رئيس القسم في المستشفى سمير»: between an office and the name.
WORKPLACE_PREPOSITIONS = _words("في لدى عن")
ADVERBS = _words(
    """
    حاليا اليوم أمس الأحد الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت أيضا كذلك آنذاك
    لاحقا قد سابقا مجددا بدوره بدورها هنا مساء صباح ليل يوم
    """
)
# «وأضاف قائلا»: the participle says the verb again and is no subject.
SAYING_AGAIN = _words("قائلا قائلاً قائلًا قائلة") | SAYING_NOUNS
# «وعن الجسر، كشف أن»: a sentence that opens with one of these may have its verb after a comma.
OPENINGS_FOLDED = _words(
    """
    عن حول بشان بخصوص في خلال عندما حين حينما لدي بعد بعدما قبل ردا تعليقا علي من عقب اثر منذ
    بالنسبه الي مع اثناء لما اذا رغم برغم بينما فيما
    """
)
# «"…"، هكذا رد الوزير»: between marks and the verb that they belong to.
BETWEEN_MARKS_AND_VERB = _words("هكذا بهذه الكلمات كما هذا ما بذلك")
RELATIVES = _words("الذي التي الذين اللذان اللتان الذى")
ORGANISATIONS_FOLDED = _words(
    """
    وزاره شركه صحيفه صحيفتا صحيفتي وكاله موسسه حركه جماعه تنظيم حزب موقع قناه شبكه منظمه هيءه هييه
    جهاز راديو تلفزيون اذاعه مجله مجموعه بنك نادي اتحاد لجنه معهد مركز جامعه محكمه استطلاع نيابه
    النيابه الجيش البنك مجلس
    """
)
# «رفع البنك الفائدة، وقال»: a masculine pronoun may mean one of these.
MASCULINE_ORGANISATIONS_FOLDED = _words(
    """
    بنك مصرف جيش مجلس حزب اتحاد مركز نادي مرصد جهاز تحالف برلمان صندوق مكتب معهد فريق تنظيم حلف
    تيار برنامج ائتلاف كونغرس كرملين ديوان موقع بيت حرس مصنع متحف منتدي الازهر ازهر
    """
)
# Words before a name that opens its sentence: «لكن سمير، …، يقول».
BEFORE_NAMES = _words("لكن ولكن أما وأما بدوره وبدوره بدورها وبدورها")
# A place of work is nobody's role.
INSTITUTIONS_FOLDED = ORGANISATIONS_FOLDED | _words(
    "كليه مدرسه مدينه مستشفي ملعب مطار ميناء شارع حكومه دوله محافظه ولايه منتخب فريق حي منطقه"
)
# «محامي ترامب» is not Trump.
BELONGINGS_FOLDED = _words(
    """
    محامي محامو محاميه والد والده ابن ابنه زوجه زوج شقيق شقيقه نجل اعمال مكتب حمله فريق اداره
    حكومه موقع باسم بلسان انصار عايله اسره مساعد مستشار مستشاره صديق صديقه دفاع
    """
)
# «محامي رجل الأعمال فادي» is not Fadi, however long his title is.
RELATIVES_OF_PERSONS_FOLDED = _words(
    "محامي محامو محاميه والد والده ابن ابنه زوجه زوج شقيق شقيقه نجل صديق صديقه ارمله"
)
# «وقال رئيس القسم في الجامعة الدكتور سمير»: after these a name is the subject's again.
COURTESIES_FOLDED = _words(
    "الدكتور الدكتوره دكتور د السيد السيده الشيخ الاستاذ المهندس البروفيسور الجنرال اللواء العميد"
)
# «متحدث باسم الرئيس ترامب» is not Trump, «متحدث باسم الوزارة سمير» is Samir.
ROLES_OF_PERSONS_FOLDED = _words(
    "رييس وزير ملك امير مستشار مستشاره امين حاكم محافظ سفير قايد وزيره رييسه مدير زعيم مرشد"
)
# Words before a verb that are not its subject: «لكنه أكد»، «حيث قال».
BEFORE_VERBS = _words(
    "ما كما وكما حيث ثم لكنه لكنها ولكنه ولكنها إذ قد وقد كان كانت وكان وكانت إنه إنها بل لذلك"
)
# A document speaks for whoever issued it, where the text says so: «بيان لوزارة الداخلية».
DOCUMENTS_FOLDED = _words("تقرير بيان بلاغ مذكره دراسه استطلاع تغريده")
# «تغريدات لخلفان»: what follows are the words of this person.
WORDS_OF_FOLDED = _words(
    """
    تغريده تغريدات التغريدات كلمه تصريح تصريحات بيان حديث مقابله خطاب رساله تدوينه
    """
)
HEADING_SOURCES_FOLDED = _words(
    "مسوولون مسيولون مصادر مصدر نشطاء ناشطون خبراء شهود محللون دراسه تقرير مسوول مسيول"
    " الشرطه الجيش الحكومه الرياسه الخارجيه الداخليه الدفاع"
)
# These say nothing about the role they stand beside: «الشركة نفسها»، «العميل السابق».
SAME_FOLDED = _words("نفسه نفسها ذاته ذاتها عينه عينها سابق سابقه مذكور مذكوره")
# One office, two words.
ROLE_SYNONYMS = {"عاهل": "ملك", "ناطق": "متحدث", "ناطقه": "متحدثه", "مسيول": "مسوول"}
# «وأضاف المسؤول»: whoever spoke last, whatever his office.
PERSONS_OF_BEFORE_FOLDED = _words(
    """
    مسوول مسووله مسيول مسيوله متحدث متحدثه ناطق ناطقه متهم متهمه دبلوماسي دبلوماسيه سياسي سياسيه
    قيادي قياديه رجل سيده
    """
)
# «وأضاف مدرب نابولي السابق»: who goes on is called so, and nobody new.
EPITHETS_FOLDED = _words(
    """
    مدرب مدربه لاعب لاعبه نجم نجمه مهاجم مدافع حارس هداف قائد قايد جناح فنان فنانه مطرب مطربه ممثل
    ممثله مخرج مخرجه كاتب كاتبه شاعر شاعره روائي روائيه رواييه روايي صاحب صاحبه مغني مغنيه طبيب
    طبيبه باحث باحثه خبير خبيره محامي محاميه
    """
)
DOCUMENTS_OF_BEFORE_FOLDED = _words("البيان البلاغ المصدر")
